//! Which policy files apply when none is named: those of the environment, the project, the user and the machine.
//!
//! What is named by `-c` or `LOGMASK_CONFIG` stands alone. Otherwise the file of the user
//! (<https://specifications.freedesktop.org/basedir-spec/latest/>), or else of the machine, and on top that of the project,
//! which may only add: it comes with the logs, from whoever wrote those.

use super::args::PolicyArgs;
use crate::policy::Files;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Names a policy, instead of all that is looked for.
pub(super) const VARIABLE: &str = "LOGMASK_CONFIG";

/// The policy of a project, in the folder where logmask runs or above it, up to the root of the repository.
const PROJECT: &str = ".logmask.yaml";

/// Below the folders for configuration.
const OWN: &str = "logmask/policy.yaml";

/// What the search depends on.
struct Place {
    variable: Option<OsString>,
    config_home: Option<OsString>,
    home: Option<OsString>,
    here: Option<PathBuf>,
    machine: PathBuf,
}

/// The files for these options; `named` are those of the command line.
pub(super) fn files(args: &PolicyArgs, named: &[PathBuf]) -> Files {
    if !named.is_empty() || args.no_config {
        return Files { own: named.to_vec(), project: None };
    }
    Place {
        variable: std::env::var_os(VARIABLE),
        config_home: std::env::var_os("XDG_CONFIG_HOME"),
        home: std::env::var_os("HOME"),
        here: std::env::current_dir().ok(),
        machine: PathBuf::from("/etc"),
    }
    .files()
}

impl Place {
    fn files(&self) -> Files {
        let set = |value: &Option<OsString>| value.clone().filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(path) = set(&self.variable) {
            return Files { own: vec![path], project: None };
        }
        let user = set(&self.config_home).filter(|path| path.is_absolute());
        let user = user.or_else(|| set(&self.home).map(|home| home.join(".config")));
        let own =
            user.into_iter().chain([self.machine.clone()]).map(|folder| folder.join(OWN)).find(|path| is_there(path));
        let project = self.here.as_deref().and_then(project);
        Files { own: own.into_iter().collect(), project }
    }
}

/// What cannot be looked at counts as there: a policy that is shut is a reason to stop, not to go on without.
fn is_there(path: &Path) -> bool {
    !std::fs::metadata(path)
        .is_err_and(|error| matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory))
}

/// The nearest file from `here` up to the root of the repository; without a repository only `here` is looked at.
fn project(here: &Path) -> Option<PathBuf> {
    let root = here.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(here);
    let inside = here.ancestors().take_while(|folder| folder.starts_with(root));
    inside.map(|folder| folder.join(PROJECT)).find(|path| is_there(path)).map(|path| {
        // Short in messages.
        path.strip_prefix(here).map_or_else(|_| path.clone(), Path::to_owned)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn touch(path: PathBuf) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "version: 1\n").unwrap();
    }

    #[test]
    fn the_nearest_place_wins_and_the_project_adds() {
        let dir = tempfile::tempdir().unwrap();
        let at = |path: &str| dir.path().join(path);
        std::fs::create_dir_all(at("repo/.git")).unwrap();
        std::fs::create_dir_all(at("repo/a/b")).unwrap();
        let place = |variable: Option<&str>, xdg: Option<PathBuf>| Place {
            variable: variable.map(OsString::from),
            config_home: xdg.map(PathBuf::into_os_string),
            home: Some(at("home").into_os_string()),
            here: Some(at("repo/a/b")),
            machine: at("etc"),
        };
        let own = |place: Place| place.files().own;
        assert!(own(place(None, None)).is_empty());
        touch(at("etc/logmask/policy.yaml"));
        assert_eq!(own(place(None, None)), [at("etc/logmask/policy.yaml")]);
        touch(at("home/.config/logmask/policy.yaml"));
        assert_eq!(own(place(None, None)), [at("home/.config/logmask/policy.yaml")]);
        touch(at("xdg/logmask/policy.yaml"));
        assert_eq!(own(place(None, Some(at("xdg")))), [at("xdg/logmask/policy.yaml")]);
        // A relative path there is to be ignored, the specification says.
        assert_eq!(own(place(None, Some("xdg".into()))), [at("home/.config/logmask/policy.yaml")]);
        assert_eq!(place(None, None).files().project, None);
        // Above the repository nothing is looked at.
        touch(at(".logmask.yaml"));
        assert_eq!(place(None, None).files().project, None);
        touch(at("repo/.logmask.yaml"));
        assert_eq!(place(None, None).files().project, Some(at("repo/.logmask.yaml")));
        touch(at("repo/a/b/.logmask.yaml"));
        assert_eq!(place(None, None).files().project, Some(".logmask.yaml".into()));
        // What the variable names stands alone.
        let files = place(Some("x.yaml"), None).files();
        assert_eq!((files.own, files.project), (vec![PathBuf::from("x.yaml")], None));
        assert_eq!(own(place(Some(""), None)).len(), 1);
    }
}
