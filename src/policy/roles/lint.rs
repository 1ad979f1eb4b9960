//! What could be better about roles.

use super::{Role, Roles, STACKTRACE, covers};
use crate::policy::{Policy, Rule};

impl Roles {
    /// What could be better, each with the role it is about.
    pub fn lint(&self, policy: &Policy) -> Vec<(String, String)> {
        let mut said = Vec::new();
        for (name, role) in &self.named {
            let below = role.extends.as_deref().map_or_else(Vec::new, |below| self.shows(below));
            for class in &role.show {
                if below.iter().any(|shown| covers(shown, class)) {
                    said.push((name.clone(), format!("{class} is shown by the role it extends already")));
                }
                if class != STACKTRACE && !policy.rules.iter().any(|rule| covers(class, &rule.class)) {
                    said.push((name.clone(), format!("no rule in force has the class {class}")));
                }
            }
        }
        said.extend(self.lint_beside());
        if let Some(fact) = self.bares_floor(policy) {
            said.push((self.access.base.clone(), fact));
        }
        said
    }

    /// Roles that stand beside each other, and look as if one was to be above the other: the classes that it shows say so, and
    /// nothing keeps it so.
    fn lint_beside(&self) -> Vec<(String, String)> {
        let mut said = Vec::new();
        for name in self.named.keys() {
            let shows = self.shows(name);
            let all = |role: &Role| {
                let seen = |class: &String| shows.iter().any(|show| show == class || covers(show, class));
                !role.show.is_empty() && role.show.iter().all(seen)
            };
            let beside = |other: &str| !self.is_above(name, other) && !self.is_above(other, name);
            for (other, _) in self.named.iter().filter(|(other, role)| beside(other) && all(role)) {
                let below = self.shows(other);
                if !below.iter().all(|class| shows.iter().any(|show| show == class || covers(show, class))) {
                    continue;
                }
                said.push(match self.limits(name).narrower(&self.limits(other)) {
                    Some(key) => (
                        name.clone(),
                        format!("shows all classes that role {other} shows, but fewer records (select: {key})"),
                    ),
                    None if shows == below => continue,
                    None => (name.clone(), format!("sees all that role {other} sees, and does not extend it")),
                });
            }
        }
        said
    }

    /// What is to be said if everybody sees what the floor hides.
    pub fn bares_floor(&self, policy: &Policy) -> Option<String> {
        let shows = self.shows(&self.access.base);
        let floor: Vec<&Rule> = policy.rules.iter().filter(|rule| rule.floor).collect();
        let bared: Vec<&str> =
            shows.into_iter().filter(|show| floor.iter().any(|rule| covers(show, &rule.class))).collect();
        (!bared.is_empty())
            .then(|| format!("everybody sees without a grant what rules of the floor hide: {}", bared.join(", ")))
    }
}
