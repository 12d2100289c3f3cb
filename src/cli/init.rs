//! `weigh init`: a small decision that ranks at once, with comments that teach the format; or a catalog domain.

use std::path::{Path, PathBuf};

use super::args::{InitArgs, today};
use super::output::Output;
use super::{Exit, Failure};
use crate::lang::Lang;
use crate::tr;

/// What `init` writes: name and text, English and Chinese.
const DECISION: [(&str, &str, &str); 2] = [
    (
        "decision.yaml",
        include_str!("init/decision.en.yaml"),
        include_str!("init/decision.zh.yaml"),
    ),
    (
        "team.yaml",
        include_str!("init/team.en.yaml"),
        include_str!("init/team.zh.yaml"),
    ),
];

const DOMAIN: [(&str, &str, &str); 2] = [
    (
        "domain.yaml",
        include_str!("init/domain.en.yaml"),
        include_str!("init/domain.zh.yaml"),
    ),
    (
        "first-candidate.yaml",
        include_str!("init/candidate.en.yaml"),
        include_str!("init/candidate.zh.yaml"),
    ),
];

pub(super) fn run(args: &InitArgs, output: &mut Output) -> Result<Exit, Failure> {
    let (folder, files): (PathBuf, _) = match &args.domain {
        Some(name) => {
            let sound = !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '-' || c == '_');
            if !sound {
                return Err(Failure::usage(tr!(
                    "a domain is letters, digits and hyphens, not `{name}`",
                    "领域名应为字母、数字与连字符，而不是 `{name}`"
                )));
            }
            (args.dir.join("catalogs").join(name), DOMAIN)
        }
        None => (args.dir.clone(), DECISION),
    };
    let taken: Vec<String> = files
        .iter()
        .map(|(name, ..)| folder.join(name))
        .filter(|p| p.exists())
        .map(|p| p.display().to_string())
        .collect();
    if !taken.is_empty() {
        let taken = taken.join(", ");
        return Err(Failure::environment(tr!(
            "{taken} is there already; nothing was written",
            "{taken} 已存在；未写入任何内容"
        )));
    }
    let today = today();
    let (year, month, day) = today.parts();
    // A year from today; 29 February has none.
    let next_year = format!("{:04}-{month:02}-{:02}", year + 1, day.min(28));
    for (name, en, zh) in files {
        let body = if output.lang == Lang::Zh { zh } else { en };
        let path = folder.join(name);
        let body = body
            .replace("DOMAIN", args.domain.as_deref().unwrap_or_default())
            .replace("TODAY", &today.to_string())
            .replace("NEXT_YEAR", &next_year);
        write_new_file(&path, &body)?;
        let shown = path.display();
        let said = tr!("wrote {shown}", "已写入 {shown}");
        output.print(&said)?;
    }
    let dir = args.dir.display();
    let next = match &args.domain {
        None => tr!("next: weigh rank {dir}", "下一步：weigh rank {dir}"),
        Some(name) => tr!(
            "next: weigh check {dir}/catalogs/{name}",
            "下一步：weigh check {dir}/catalogs/{name}"
        ),
    };
    output.print(&next)?;
    Ok(Exit::Fine)
}

fn write_new_file(path: &Path, body: &str) -> Result<(), Failure> {
    // Written next to its place and renamed, so that a partial file is never visible.
    let whole = || -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        std::io::Write::write_all(&mut file, body.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map(drop).map_err(|e| e.error)
    };
    whole().map_err(|error| {
        let shown = path.display();
        Failure::environment(tr!(
            "cannot write {shown}: {error}",
            "无法写入 {shown}：{error}"
        ))
    })
}
