//! Help and usage errors in Chinese.
//!
//! clap's own texts are English, so every command and flag has a Chinese line here. A test walks the command tree and fails where
//! one is missing.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::lang::{Lang, Text};

/// Returns the command tree with its help in `lang`.
pub(super) fn localize_help(command: clap::Command, lang: Lang) -> clap::Command {
    match lang {
        Lang::En => command,
        Lang::Zh => translate_help(command.disable_help_subcommand(true), "weigh"),
    }
}

const RECHECK_HELP: &str = "\
退出码（多条记录取最严重者，依次为 6、1、4、5）：
  0  选定的方案明确居首
  1  另一候选明确居首，或选定的方案未获得排名
  4  选定的方案与另一候选不相上下，现有数据难分高下
  5  使用 --strict 时：复审日期或事实已过期，或有其他变动
  6  无法读取某个决策或其记录
  2, 3  用法错误；环境错误

Example:  weigh recheck examples --as-of 2027-06-01 --strict";

const TEMPLATE: &str = "{about}\n\n用法：{usage}\n\n{all-args}{after-help}\n";

fn translate_help(mut command: clap::Command, path: &str) -> clap::Command {
    command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .next_help_heading("选项");
    if let Some(about) = command_line(path) {
        command = command.about(about).long_about(about);
    }
    if let Some(after) = command.get_after_help().map(ToString::to_string) {
        let after = if path == "recheck" {
            RECHECK_HELP.to_owned()
        } else {
            after
        };
        command = command.after_help(
            after
                .replace("Examples:", "示例：")
                .replace("Example:", "示例：")
                .replace("Get started:", "快速开始："),
        );
    }
    let help = clap::Arg::new("help")
        .short('h')
        .long("help")
        .action(clap::ArgAction::Help)
        .help("显示帮助")
        .global(true);
    let version = clap::Arg::new("version")
        .short('V')
        .long("version")
        .action(clap::ArgAction::Version)
        .help("显示版本");
    command = command.disable_help_flag(true).disable_version_flag(true);
    let ids: Vec<String> = command
        .get_arguments()
        .map(|a| a.get_id().to_string())
        .collect();
    for id in ids {
        let positional = command
            .get_arguments()
            .any(|a| a.get_id() == id.as_str() && a.is_positional());
        command = command.mut_arg(id.clone(), |arg| {
            let arg = arg.help_heading(if positional { "参数" } else { "选项" });
            let Some(line) = argument_line(path, &id) else {
                return arg;
            };
            let values: Vec<String> = arg
                .get_possible_values()
                .iter()
                .map(|v| v.get_name().to_owned())
                .collect();
            let default: Vec<String> = arg
                .get_default_values()
                .iter()
                .map(|v| v.to_string_lossy().into_owned())
                .collect();
            let values = if values.is_empty() || values == ["true", "false"] {
                String::new()
            } else {
                format!("；可选：{}", values.join("、"))
            };
            let default = if default.is_empty() {
                default.join("")
            } else {
                format!("；默认：{}", default.join(" "))
            };
            let line = format!("{line}{values}{default}");
            let arg = arg.help(line.clone()).long_help(line);
            // clap panics where values of a flag without a value are hidden.
            if arg.get_action().takes_values() {
                arg.hide_possible_values(true).hide_default_value(true)
            } else {
                arg
            }
        });
    }
    if path == "weigh" {
        command = command.arg(help).arg(version);
    }
    let usage = command.clone().render_usage().to_string();
    let usage = usage
        .trim_start_matches("Usage:")
        .trim()
        .replace("[OPTIONS]", "[选项]")
        .replace("<COMMAND>", "<命令>");
    let usage = if path == "weigh" || usage.starts_with("weigh ") {
        usage
    } else {
        format!(
            "weigh {path}{}",
            usage
                .strip_prefix(path.rsplit(' ').next().unwrap_or(path))
                .unwrap_or(&usage)
        )
    };
    command = command.override_usage(usage);
    let names: Vec<String> = command
        .get_subcommands()
        .map(|s| s.get_name().to_owned())
        .collect();
    for name in names {
        let inner = if path == "weigh" {
            name.clone()
        } else {
            format!("{path} {name}")
        };
        command = command.mut_subcommand(&name, |sub| translate_help(sub, &inner));
    }
    command
}

/// Returns the Chinese help of a command; `name` is its path, such as `bench run`.
fn command_line(name: &str) -> Option<&'static str> {
    Some(match name {
        "weigh" => "该选择哪种技术？又如何为之辩护？",
        "init" => "创建一个带注释、可立即排名的小决策",
        "check" => "检查决策与目录，列出所有问题",
        "rank" => "对决策的候选进行排名",
        "why" => "解释得分：公式、证据与原始测量",
        "compare" => "逐准则对比两个候选，并给出权衡率",
        "pareto" => "列出候选之间的帕累托支配关系，与权重无关",
        "stakeholders" => "对比各相关方的排名，度量其一致程度",
        "graph" => "以文本、Mermaid、DOT、SVG 或 JSON 输出决策图",
        "sensitivity" => "找出权重与输入变到多少时榜首易主",
        "robustness" => "用 Monte Carlo（SMAA-2）计算各名次的概率",
        "next" => "按信息的期望价值（EVPI、EVPPI）为未知量排序",
        "weights" => "由判断或数据的离散程度得出权重",
        "explore" => "在终端中交互式地探索决策",
        "report" => "生成报告、决策记录、索引与技术雷达",
        "record" => "记录决策的排名及其所依据的证据",
        "recheck" => "检查已记录的选择是否仍然成立，适用于 CI",
        "diff" => "显示两个版本之间的变化及其对排名的影响",
        "uses" => "列出依赖某一事实、输入或候选的决策",
        "bench" => "对参考服务进行基准测试，或导入其他工具的结果",
        "bench list" => "列出参考服务及其所需工具",
        "bench verify" => "对照契约验证服务",
        "bench run" => "验证服务、在负载下测量并存储证据",
        "bench show" => "查看已存储的运行",
        "bench import" => "导入其他压测工具的结果文件，存为已发布证据",
        "catalog" => "列出、查看、检查或刷新目录中的候选",
        "catalog list" => "按领域列出候选",
        "catalog show" => "查看候选的各项事实及其来源与日期",
        "catalog check" => "报告过期、无来源与矛盾的事实，以及各候选的资料完备程度",
        "catalog refresh" => "从软件包仓库、支持周期数据与 Git 仓库更新事实",
        "schema" => "输出某类文件或某个命令的 JSON 输出的 JSON Schema",
        "explain" => "详细解释一个诊断编号",
        "completions" => "生成 shell 补全脚本",
        _ => return None,
    })
}

/// Returns the Chinese help of a flag or argument.
fn argument_line(command: &str, id: &str) -> Option<&'static str> {
    Some(match (command, id) {
        ("pareto", "criteria") => "用于比较的两个准则；省略则用所有有权重的准则",
        ("init", "dir") => "写到哪个目录",
        ("init", "domain") => "改为搭建一个同名的目录领域",
        ("check", "paths") => "文件或目录",
        ("check", "files") => "同时列出用到的每个文件及其项目根目录",
        (_, "decision") => "决策文件、含 decision.yaml 的目录、矩阵 CSV，或 - 表示标准输入",
        ("report", "decisions") => "决策文件、含 decision.yaml 的目录或矩阵 CSV",
        ("report", "out") => "写入的目录",
        ("report", "template") => {
            "`report`、`adr`、`comparison`、`index`、`radar`，或自有模板的路径；可重复"
        }
        ("report", "no_charts") => "不绘制 SVG",
        ("report", "supersedes") => "`adr` 所取代的决策记录：编号或文件名",
        ("record", "out") => "写入何处；默认为决策旁的 record.json",
        ("recheck", "paths") => "记录、决策，或在其中查找记录的目录",
        ("recheck", "since") => "只看自该 `git` 版本以来受文件变动影响的决策",
        ("recheck", "strict") => "复审日期或事实已过期，或有其他变动时，以 5 退出",
        ("uses", "name") => {
            "候选、事实（`support_end` 或 `redis.support_end`），或输入，如 `workload.peak_rps`"
        }
        ("uses", "paths") => "决策，或在其中查找决策的目录",
        ("diff", "old") => "决策、record.json，或 `git` 版本中的 REV:路径",
        ("diff", "new") => "同上，较新的一方",
        ("bench list" | "bench verify" | "bench run", "names") => "服务名，如 `gin-auth`",
        ("bench list" | "bench verify" | "bench run", "all") => "找到的所有服务",
        ("bench list" | "bench verify" | "bench run", "contract") => {
            "仅限实现该契约的服务；单独使用即指其全部"
        }
        ("bench list" | "bench verify" | "bench run", "services") => {
            "服务所在目录，或单个服务的目录；可重复"
        }
        ("bench verify" | "bench run", "yes") => "不再询问，直接运行清单中的命令",
        ("bench run", "quick") => "主要操作三轮，每个服务约一分钟；默认",
        ("bench run", "thorough") => "三至五轮，每个服务四至七分钟，并寻找满足目标的最大速率",
        ("bench run", "repetitions") => "轮数，1 到 12；测量全部操作，而非仅主要操作",
        ("bench run", "resume") => "继续被中断的会话；不给编号则继续最近一次",
        ("bench run", "slo") => "寻找最大速率时的目标，如 p99=50ms",
        ("bench run", "rate") => "开环速率，对所有服务相同（请求/秒）",
        ("bench run", "downstream") => {
            "契约服务所调用的下游的另一耗时，如 mail=1000（毫秒）；可重复。此类运行只与同类比较"
        }
        ("bench run", "evidence") => "证据存储目录；默认为项目根目录下的 .weigh/evidence",
        ("bench run", "machine") => "证据中的机器名；默认为主机名与处理器",
        ("bench run", "seed") => "次序与到达的随机种子",
        ("bench show", "run") => "服务、运行、会话或证据文件；省略则列出全部运行",
        ("bench show", "evidence") => "在何处查找证据：目录，或 repo 指 catalogs/evidence",
        ("catalog refresh", "ids") => "只更新这些候选",
        ("catalog refresh", "write") => "写入改动；否则只显示",
        ("catalog refresh", "base") => {
            "某来源的地址，或存放其文件、克隆的目录；可重复。来源：`pypi`、`npm`、`cargo`、`go`、`maven`、`endoflife`、`git`、`scorecard`、`deps`"
        }
        ("catalog refresh", "source") => "只询问该来源；可重复",
        ("catalog refresh", "timeout") => "单个请求的最长秒数",
        ("catalog refresh", "retries") => "可能是暂时性的失败重试几次",
        ("catalog show", "id") => "候选的标识",
        (_, "domain") => "只看该领域的候选",
        (_, "catalogs") => "其 catalogs/ 优先于内置目录的项目，或该目录本身；默认为当前目录",
        ("weights", "file") => "权重文件，或矩阵 CSV / 决策",
        ("explore", "ascii") => "仅用 ASCII 绘制",
        ("explore", "unicode") => "即使语言环境使字符宽度不确定，也绘制线条与色块",
        ("explore", "dots") => "终端缺少盲文字符时用普通标记绘点",
        ("explore", "no_mouse") => "不占用鼠标",
        ("bench import", "files") => "结果文件；同一候选的多个文件即其重复轮次",
        ("bench import", "tool") => "写出这些文件的工具；省略则由内容识别",
        ("bench import", "source") => "数据由谁发布、在何处",
        ("bench import", "date") => "运行日期；文件已注明则可省略",
        ("bench import", "hardware") => "硬件，或 `unknown`",
        ("bench import", "model") => "请求等待应答（closed）或按速率到来（open）；工具未说明时需要",
        ("bench import", "candidate") => {
            "候选；文件有多行时写 ID=行名，多个文件时写 ID=文件名；可重复"
        }
        ("bench import", "variant") => "其变体",
        ("bench import", "contract") => "数值地址的第一部分；默认为工具名",
        ("bench import", "operation") => "操作名；文件有多个操作时只保留它",
        ("bench import", "out") => "证据存储目录；默认为项目根目录下的 .weigh/evidence",
        ("bench import", "dry_run") => "只读取与审查，不存储",
        (_, "lang") => "表格、消息与解释的语言",
        (_, "color") => "何时使用颜色",
        (_, "scenario") => "应用一个情景",
        (_, "stakeholder") => "使用某相关方的权重",
        (_, "profile") => "使用一个权重方案",
        (_, "set") => "设置输入、参数或事实；可重复",
        (_, "evidence") => "仅从此处读取测量；repo 指 catalogs/evidence",
        (_, "as_of") => "今天的日期，用于判断是否过期",
        (_, "method") => "聚合方法",
        (_, "param") => "方法的参数；可重复",
        (_, "format") => "输出格式",
        (_, "seed") => "样本的种子；默认取决策自身的",
        (_, "samples") => "样本数",
        (_, "weights") => "权重的取样方式",
        (_, "all") => "变动所有数值，包括未声明不确定性的",
        (_, "sweep") => "扫描一个输入；可重复两次",
        (_, "candidate") => "候选",
        (_, "a" | "x") => "其一",
        (_, "b" | "y") => "其二",
        ("schema", "kind") => {
            "文件类型（`catalog`、`criteria`、`decision`、`team`、`scenario`、`weights`、`evidence`、`service`、`contract`），或输出 JSON 的命令，例如 `rank`、`catalog show`；`weigh.weights/1` 指命令 `weights` 的输出"
        }
        ("explain", "code") => "诊断编号；省略则列出全部",
        ("completions", "shell") => "哪种 shell",
        _ => return None,
    })
}

/// Returns the first sentence of a usage error, without its label.
pub(super) fn usage_error(error: &clap::Error, lang: Lang) -> Text {
    let whole = match lang {
        Lang::En => error.render().to_string(),
        Lang::Zh => usage_message(error),
    };
    let first = whole.lines().next().unwrap_or_default();
    let sentence = first.split_once(": ").map_or(first, |(_, rest)| rest);
    Text::name(sentence)
}

/// Returns the message of a usage error in Chinese: the argument, and what is allowed.
pub(super) fn usage_message(error: &clap::Error) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join("、"),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(all)) => all
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("、"),
        Some(ContextValue::Number(n)) => n.to_string(),
        _ => String::new(),
    };
    let (argument, value) = (
        context(ContextKind::InvalidArg),
        context(ContextKind::InvalidValue),
    );
    let said = match error.kind() {
        ErrorKind::InvalidValue => {
            let valid = context(ContextKind::ValidValue);
            let valid = if valid.is_empty() {
                valid
            } else {
                format!("（可用：{valid}）")
            };
            format!("`{argument}` 的值 `{value}` 无效{valid}")
        }
        ErrorKind::ValueValidation => format!("`{argument}` 的值 `{value}` 无效"),
        ErrorKind::UnknownArgument => format!("未知参数 `{argument}`"),
        ErrorKind::InvalidSubcommand => {
            format!("未知命令 `{}`", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{argument}"),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::ArgumentConflict => format!(
            "`{argument}` 不能与 `{}` 同时使用",
            context(ContextKind::PriorArg)
        ),
        ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::NoEquals => {
            format!("`{argument}` 的值的个数不对")
        }
        _ => "命令行有误".to_owned(),
    };
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let near = near.into_iter().map(context).find(|s| !s.is_empty());
    let near = near.map_or_else(String::new, |n| format!("；是否想写 `{n}`？"));
    format!("错误：{said}{near}\n\n`weigh --help` 可查看用法")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect_missing(command: &clap::Command, name: &str, missing: &mut Vec<String>) {
        if command_line(name).is_none() {
            missing.push(name.to_owned());
        }
        for arg in command.get_arguments() {
            let id = arg.get_id().as_str();
            if !matches!(id, "help" | "version") && argument_line(name, id).is_none() {
                missing.push(format!("{name} {id}"));
            }
        }
        for sub in command.get_subcommands().filter(|s| s.get_name() != "help") {
            let inner = if name == "weigh" {
                sub.get_name().to_owned()
            } else {
                format!("{name} {}", sub.get_name())
            };
            collect_missing(sub, &inner, missing);
        }
    }

    #[test]
    fn every_command_and_flag_has_a_chinese_line() {
        let mut missing = Vec::new();
        collect_missing(&crate::cli::command(), "weigh", &mut missing);
        assert!(missing.is_empty(), "{missing:?}");
    }
}
