//! Describes the machine a session runs on.

use std::fs;

use crate::schema::evidence::EnvironmentDoc;

/// Reads what is known of the machine from `/proc` and `/etc`.
#[must_use]
pub fn read_environment(service_cores: &[usize], driver_core: Option<usize>) -> EnvironmentDoc {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let known = |text: Option<&str>| text.map_or_else(|| "unknown".to_owned(), str::to_owned);
    let (cpuinfo, meminfo) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let name = known(Some(read("/proc/sys/kernel/hostname").trim()).filter(|n| !n.is_empty()));
    let cpu = known(value_of(&cpuinfo, "model name"));
    let cores = cpuinfo
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let release = read("/etc/os-release");
    let system = [
        assigned_value(&release, "NAME"),
        assigned_value(&release, "VERSION_ID"),
    ];
    let system = system.into_iter().flatten().collect::<Vec<_>>().join(" ");
    EnvironmentDoc {
        machine: format!("{name}, {cpu}, {cores} cores"),
        cpu,
        cores,
        service_cores: service_cores.to_vec(),
        driver_core,
        memory_bytes: value_of(&meminfo, "MemTotal")
            .and_then(|text| text.strip_suffix("kB")?.trim().parse::<u64>().ok())
            .map_or(0, |kib| kib * 1024),
        virtualised: cpuinfo.contains(" hypervisor"),
        os: format!("Linux ({system})"),
        kernel: known(Some(read("/proc/sys/kernel/osrelease").trim()).filter(|k| !k.is_empty())),
        weigh: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// Returns the value of the first line `key : value` with this key.
fn value_of<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == key).then(|| value.trim())
    })
}

/// Returns the value of a line `KEY="value"`.
fn assigned_value<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name == key).then(|| value.trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_whole_name() {
        let cpuinfo = "processor\t: 0\nmodel\t\t: 1\nmodel name\t: AMD EPYC\n\nprocessor\t: 1\n";
        assert_eq!(value_of(cpuinfo, "model name"), Some("AMD EPYC"));
        assert_eq!(
            value_of("MemTotal:       24684096 kB\n", "MemTotal"),
            Some("24684096 kB")
        );
        let release = "PRETTY_NAME=\"Debian 12\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=12\n";
        assert_eq!(assigned_value(release, "NAME"), Some("Debian GNU/Linux"));
        assert_eq!(assigned_value(release, "VERSION_ID"), Some("12"));
    }

    #[test]
    fn this_machine_has_cores_and_memory() {
        let environment = read_environment(&[0], Some(1));
        assert!(environment.cores > 0 && environment.memory_bytes > 1 << 20);
        assert!(environment.os.starts_with("Linux"), "{}", environment.os);
    }
}
