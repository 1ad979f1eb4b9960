//! Files that take the place of others: whoever could read and write the old one can read and write the new one.

use rustix::fs::{Gid, Mode, Uid, XattrFlags};
use std::fs::File;
use std::io;
use std::os::fd::AsFd;

/// Longest list of names of extended attributes, and longest value of one, in bytes (`XATTR_LIST_MAX`, `XATTR_SIZE_MAX` of
/// Linux).
const LONGEST_ATTRIBUTE: usize = 64 << 10;

/// Gives `file` the owner, mode and extended attributes (access lists, security labels) that `old` has.
pub fn like(file: &File, old: impl AsFd) -> io::Result<()> {
    let (now, wanted) = (rustix::fs::fstat(file)?, rustix::fs::fstat(&old)?);
    if (now.st_uid, now.st_gid) != (wanted.st_uid, wanted.st_gid) {
        rustix::fs::fchown(file, Some(Uid::from_raw(wanted.st_uid)), Some(Gid::from_raw(wanted.st_gid)))?;
    }
    let mut names = vec![0; LONGEST_ATTRIBUTE];
    let mut value = vec![0; LONGEST_ATTRIBUTE];
    // Many file systems have none, and some labels are not ours to set.
    let length = rustix::fs::flistxattr(&old, &mut names[..]).unwrap_or(0);
    for name in names[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        if let Ok(length) = rustix::fs::fgetxattr(&old, name, &mut value[..]) {
            let _ = rustix::fs::fsetxattr(file, name, &value[..length], XattrFlags::empty());
        }
    }
    // Behind the owner: a change of that takes set-id bits away.
    rustix::fs::fchmod(file, Mode::from_raw_mode(wanted.st_mode))?;
    Ok(())
}
