//! Words at which detectors written by hand look. Stands alone, as `src/build` uses it too.

/// Words that introduce names and values, beside [`SETTERS`]; see `Fields::at_word`.
pub const WORDS: [&[u8]; 37] = [
    b"VALUES",
    b"values",
    b"Values",
    b"WHERE",
    b"where",
    b"LIKE",
    b"like",
    b"ILIKE",
    b"ilike",
    b"RLIKE",
    b"rlike",
    b"Key (",
    b"Failing row contains (",
    b"Duplicate entry '",
    b"duplicate key value is (",
    b"dup key: { : ",
    b"form-data; name=",
    b"parameters: $1 = ",
    b"Parameters: $1 = ",
    b"SET (",
    b"set (",
    b"kty\"",
    b"kty\\",
    b"with value ",
    b"rejected value [",
    b"Path `",
    b"argument -",
    b"invalid value ",
    b"Invalid value ",
    b"illegal value ",
    b"Illegal value ",
    b"invalid argument ",
    b"Invalid argument ",
    b"failed for value ",
    b"The value '",
    b"Incorrect ",
    b"from String ",
];

/// Commands whose next two words are a name and its value.
pub const SETTERS: [&[u8]; 20] = [
    b"ENV ",
    b"etcdctl put ",
    b"consul kv put ",
    b"env:set ",
    b"setenv ",
    b"set -x ",
    b"set -gx ",
    b"set -Ux ",
    b"set -xg ",
    b"SetEnv ",
    b"setx ",
    b"config set ",
    b"CONFIG SET ",
    b"configure set ",
    b"config add ",
    b"secret set ",
    b"secrets set ",
    b"env set ",
    b"fastcgi_param ",
    b"proxy_set_header ",
];

/// Names in front of what parts them from the next name, or from the first row, of a list without blanks; a tab and a line break
/// are spelled.
macro_rules! columns {
    ($($name:literal)*) => {
        &[$(concat!($name, ",").as_bytes(), concat!($name, ";").as_bytes(), concat!($name, "\\").as_bytes()),*]
    };
}

/// Columns whose list is a table in a string: what is in its rows, nothing there says.
pub const COLUMNS: &[&[u8]] = columns! {
    "password" "Password" "PASSWORD" "passwd" "passphrase" "pwd" "secret" "token" "api_key" "apikey" "apiKey" "api_token"
    "access_token" "accessToken" "refresh_token" "auth_token" "session_token" "client_secret" "clientSecret" "secret_key"
    "secretKey" "private_key" "access_key" "user_password" "db_password" "reset_token" "password_hash" "encrypted_password"
    "password_digest" "ssn"
};

/// What begins a JWT, and what tells a secret of Kubernetes.
pub const SHAPES: [&[u8]; 2] = [b"eyJ", b"kind"];

/// All of them, and those of `others`.
pub fn all<'w>(others: &'w [&'static [u8]]) -> impl Iterator<Item = &'static [u8]> + 'w {
    SHAPES.into_iter().chain(WORDS).chain(SETTERS).chain(COLUMNS.iter().chain(others).copied())
}
