//! What could be better about roles.

use crate::policy::Policy;
use crate::policy::roles::ROLE;

pub(in crate::cli::policy) fn remarks(policy: &Policy) -> Vec<String> {
    let Some(roles) = &policy.roles else { return Vec::new() };
    let place = |role: &str| {
        let places = policy.places.get(&(ROLE.to_owned() + role, "role".to_owned()));
        let first = places.and_then(|places| places.first());
        first.map_or_else(String::new, |(file, line)| format!("{}:{line}: ", file.display()))
    };
    let said = roles.lint(policy).into_iter();
    said.map(|(role, fact)| format!("{}role {role}: {fact} (roles)", place(&role))).collect()
}
