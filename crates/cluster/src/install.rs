//! The command that installs PostgreSQL on this system.

use std::fs;

use nix::unistd::geteuid;

/// The commands by operating system family: the names in `/etc/os-release`, and the command.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["debian", "ubuntu"], "apt-get install postgresql"),
    (
        &["fedora", "rhel", "centos", "amzn"],
        "dnf install postgresql-server",
    ),
    (&["arch"], "pacman -S postgresql"),
    (&["alpine"], "apk add postgresql"),
    (&["suse", "opensuse"], "zypper install postgresql-server"),
];

/// Returns the command for this machine.
pub(crate) fn command() -> String {
    if cfg!(target_os = "macos") {
        return "brew install postgresql@17".to_owned();
    }
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    command_for(&release, geteuid().is_root())
}

fn command_for(release: &str, is_root: bool) -> String {
    let names: Vec<&str> = release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|names| names.trim_matches(['"', '\'']).split_whitespace())
        .collect();
    let known = COMMANDS
        .iter()
        .find(|(family, _)| names.iter().any(|name| family.contains(name)));

    match known {
        Some((_, command)) if is_root => (*command).to_owned(),
        Some((_, command)) => format!("sudo {command}"),
        None => "install your system's PostgreSQL server package".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_install_command_matches_the_operating_system() {
        for (release, command) in [
            ("NAME=\"Debian\"\nID=debian\n", "sudo apt-get install postgresql"),
            (
                "ID=pop\nID_LIKE=\"ubuntu debian\"\n",
                "sudo apt-get install postgresql",
            ),
            (
                "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
                "sudo dnf install postgresql-server",
            ),
            ("ID=arch\n", "sudo pacman -S postgresql"),
            ("ID=alpine\n", "sudo apk add postgresql"),
            ("", "install your system's PostgreSQL server package"),
        ] {
            assert_eq!(command_for(release, false), command, "{release}");
        }
    }

    #[test]
    fn root_needs_no_sudo() {
        assert_eq!(command_for("ID=debian", true), "apt-get install postgresql");
    }
}
