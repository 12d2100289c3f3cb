//! Every diagnostic code. A code never changes its meaning, and a retired code is never reused.

use super::Severity;
use crate::lang::Text;

macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident { $en:literal $zh:literal })*) => {
        /// What kind of problem a diagnostic is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $en] $variant,)*
        }

        impl Code {
            /// All codes, in the order of their ids.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the stable id, such as `E0108`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// Returns whether the problem is an error or a warning.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// Returns the long text of `weigh explain`.
            #[must_use]
            pub fn explanation(self) -> Text {
                match self { $(Self::$variant => Text { en: $en.to_owned(), zh: $zh.to_owned() },)* }
            }
        }
    };
}

codes! {
    Unreadable "E0101" Error {
        "The file cannot be read: it does not exist, is a folder, or the operating system refused access. Check the path. A decision is a YAML file, a folder that holds `decision.yaml`, or a matrix CSV."
        "无法读取该文件：文件不存在、是一个目录，或系统拒绝访问。请检查路径；决策可以是 YAML 文件、含有 `decision.yaml` 的目录，或矩阵 CSV。"
    }
    NotUtf8 "E0102" Error {
        "The file is not UTF-8 text. Save it as UTF-8. The position is the first invalid byte."
        "该文件不是 UTF-8 文本。请以 UTF-8 保存；所示位置为第一个无效字节。"
    }
    ControlCharacter "E0103" Error {
        "The file contains a NUL byte, which YAML and CSV do not allow. It is probably a binary file, or it was truncated while being written."
        "该文件含有 NUL 字节，YAML 与 CSV 文本均不允许。它可能是二进制文件，或写入时被截断。"
    }
    TooLarge "E0104" Error {
        "The file is larger than 40 MB, or contains more than five million values. Split a catalog into one file per candidate. A decision file is usually a few kilobytes."
        "该文件超过 40 MB，或含有超过五百万个值。请把目录拆分为每个候选一个文件；决策文件通常只有几 KB。"
    }
    Syntax "E0105" Error {
        "The text is not YAML. The usual causes are a tab as indentation, a missing space after a colon, an unclosed bracket, or a value that contains a colon and needs quotes."
        "该文本不是合法的 YAML。常见原因：用制表符缩进、冒号后缺少空格、括号未闭合，或含冒号的值没有加引号。"
    }
    DuplicateKey "E0106" Error {
        "The same key appears twice in one mapping. Many YAML parsers silently keep one of the two. Delete or rename one of them."
        "同一映射中出现了重复的键。其他 YAML 读取器会默默保留其中一个；这里由您选择。请删除或改名其中之一。"
    }
    TooDeep "E0107" Error {
        "The document nests too deeply or expands too many aliases. Limits keep a malicious file from exhausting time and memory: 64 levels of brackets or indentation, 100,000 nodes added by aliases, 16 levels of objectives, 200 formulas that depend on one another, 1,000 parts of one candidate."
        "文档嵌套过深，或展开的别名过多。该限制防止恶意文件耗尽时间与内存：括号或缩进最多 64 层，别名最多增加 100,000 个节点，目标最多 16 层，公式逐层引用最多 200 个，一个候选最多 1,000 个组成部分。"
    }
    UnknownKey "E0108" Error {
        "Unknown key for this kind of file. `weigh schema KIND` prints the schema. With a `$schema` comment on the first line, an editor completes the keys."
        "该键不属于此文件格式。`weigh schema KIND` 可打印格式；文件首行带有 `$schema` 声明时，编辑器可自动补全。"
    }
    WrongType "E0109" Error {
        "The value has the wrong type for this key, such as a list instead of a mapping or text instead of a number. Quote text that looks like a number; do not quote numbers."
        "值的类型与该键要求的不符：应为映射却是列表，应为数字却是文本。形似数字的文本请加引号；数字不要加引号。"
    }
    MissingKey "E0110" Error {
        "A required key is missing from this mapping."
        "该映射缺少必需的键。"
    }
    NotAllowed "E0111" Error {
        "This value is not allowed here. The hint lists the allowed values."
        "此处不能使用这个词。提示中列出了可用的词。"
    }
    OutOfRange "E0112" Error {
        "The number is out of range: a share above 1, negative points, or more people, criteria or candidates than the limit."
        "该数值超出合理范围：占比大于 1、点数为负，人数、准则数或候选数超过上限等。"
    }
    UnknownKind "E0170" Error {
        "The file is none of the kinds that `weigh` reads, so it was not checked. The kind of a file shows in its keys: `decision:`, `candidate:`, `criteria:`, `members:`, `points:` and so on. Files that `weigh check` meets in a folder without being asked for them are left out instead."
        "该文件不属于 `weigh` 能读取的任何类型，因此没有检查。文件类型由其键决定：`decision:`、`candidate:`、`criteria:`、`members:`、`points:` 等。`weigh check` 在目录中遇到的其他程序的文件则会略过。"
    }
    NotAQuantity "E0201" Error {
        "The text is not a quantity. Allowed forms: `3.5 ms`, `2..6 week` (uniform), `1..2..4 week` (triangular), `pert(1,2,4)`, `normal(5,1)`, `lognormal(m,s)`, `beta(a,b)`, `uniform(a,b)`, `discrete(1:0.3, 2:0.7)`, `samples(3,4,5)`, each optionally followed by a unit."
        "该文本不是一个量。可用形式：`3.5 ms`、`2..6 week`（均匀）、`1..2..4 week`（三角）、`pert(1,2,4)`、`normal(5,1)`、`lognormal(m,s)`、`beta(a,b)`、`uniform(a,b)`、`discrete(1:0.3, 2:0.7)`、`samples(3,4,5)`，其后均可带单位。"
    }
    UnknownUnit "E0202" Error {
        "Unknown unit. Units are products and quotients of words such as `ms`, `h`, `month`, `MB`, `EUR`, `req`, `core`. Declare your own counted nouns under `units:`."
        "未知单位。单位由 `ms`、`h`、`month`、`MB`、`EUR`、`req`、`core` 等词相乘除而成；自定义的计数名词请在 `units:` 下声明。"
    }
    WrongUnit "E0203" Error {
        "The unit is valid but measures something else than the declared unit, such as a duration instead of an amount of memory. The label shows the declared unit."
        "单位本身合法，但度量的不是所声明的量：例如应为内存却写了时长。标注处显示了所声明的单位。"
    }
    BadDistribution "E0204" Error {
        "The range or distribution is invalid: its low end is above its high end, its spread is not positive, or its probabilities do not add up to 1."
        "该区间或分布不成立：下限高于上限、离散程度非正，或概率之和不为 1。"
    }
    BadDate "E0205" Error {
        "Dates are written year-month-day, as in 2026-11-22, and must exist in the calendar."
        "日期写作 年-月-日，例如 2026-11-22，并且必须是日历中存在的日期。"
    }
    UnknownLevel "E0206" Error {
        "The value is not a level of this fact's ordinal scale. The scale is declared with the fact, from worst to best."
        "该词不是此事实顺序量表中的等级。量表随事实声明，由差到好排列。"
    }
    JudgedWithoutRange "E0207" Error {
        "A judgement without a range claims precision that it does not have. Write it as `low..high` or `low..likely..high`, and name the scale that was used."
        "没有区间的主观判断声称了并不存在的精度。请写成 `低..高` 或 `低..最可能..高`，并注明判断所用的量表。"
    }
    FormulaSyntax "E0301" Error {
        "The formula has a syntax error. The caret points at the first unexpected token."
        "无法读取该公式。插入符指向第一个不合语法的词。"
    }
    UnknownName "E0302" Error {
        "The formula uses an unknown name: it is not a fact, an input, a formula, a table or a local variable."
        "公式使用了一个既非事实、输入、公式、表格，也非局部变量的名称。"
    }
    DimensionMismatch "E0303" Error {
        "The two sides of the operator measure different things: milliseconds cannot be added to megabytes. Multiply or divide by a quantity that converts one into the other."
        "运算符两侧度量的是不同的量：毫秒不能与兆字节相加。请乘以或除以能完成换算的量。"
    }
    TypeMismatch "E0304" Error {
        "An operator or function got a value of the wrong type, such as a number instead of yes or no, or text in arithmetic."
        "运算符或函数得到了类型不符的值：应为是/否却是数字，或把文本用于算术。"
    }
    BadCall "E0305" Error {
        "There is no such function, or the number of arguments is wrong."
        "没有这个函数，或参数个数不符。"
    }
    FormulaTooLarge "E0306" Error {
        "The formula exceeds the limits (10,000 characters, 64 levels, 4,096 operations after unrolling). Split it into named formulas."
        "公式超出限制（10,000 个字符、64 层嵌套、展开后 4,096 次运算）。请拆分为多个具名公式。"
    }
    ResultUnit "E0307" Error {
        "The dimension of the result does not match the unit that is declared for the formula."
        "公式计算结果的量纲与所声明的单位不符。"
    }
    UnknownReference "E0401" Error {
        "No file defines this name. The hint suggests the closest existing name."
        "该名称引用了任何文件都没有定义的对象。提示中给出最接近的已有名称。"
    }
    DefinedTwice "E0402" Error {
        "The same name is defined twice. Rename one of the definitions. To use your own instead of a shipped one, write `replaces: NAME` into it. A criteria file of your own with the path of a built-in one replaces the whole file."
        "同一名称被定义了两次。请改名其中之一；要以自己的定义代替内置定义，请在其中写 `replaces: 名称`。路径与内置准则文件相同的自有文件会替换整个文件。"
    }
    Cycle "E0403" Error {
        "Formulas or gates depend on each other in a cycle, so none of them can be computed first. The message shows the cycle."
        "公式或关卡相互循环引用，无法确定先计算哪一个。消息中列出了循环路径。"
    }
    InputWithoutValue "E0404" Error {
        "A formula in this decision needs an input that has neither a value in the decision's `context:` nor a default."
        "此决策用到的公式需要一个输入，但决策的 `context:` 中没有给出值，也没有默认值。"
    }
    AmbiguousName "E0470" Error {
        "Several domains that candidates of this decision come from define this name differently. Write the one that you mean with its domain, as in `databases::consistency`. The files of a domain mean their own."
        "此决策的候选来自多个领域，而这些领域对该名称的定义不同。请写明所指的领域，例如 `databases::consistency`。领域自己的文件中，名称指该领域的定义。"
    }
    NoCandidates "E0501" Error {
        "The decision lists no candidates. At least one is required."
        "决策没有列出候选。一个即可（没有对手的决策），但不能没有。"
    }
    NoWeights "E0502" Error {
        "All points are zero, so nothing can be ranked. Give at least one criterion more than zero points."
        "所有权重点数均为零，无法排序。请至少给一个准则大于零的点数。"
    }
    BadAnchors "E0503" Error {
        "The anchors of a value function are invalid: worst and best are equal, or the points are not in order."
        "价值函数的锚点不成立：最差与最佳相同，或各点没有按顺序排列。"
    }
    BadGate "E0504" Error {
        "A gate either screens (`screen:`) or forks (`fork:` with `gives:` and `unit:`), and its question must be answered by yes or no."
        "关卡要么筛除（`screen:`），要么分叉（`fork:` 并带 `gives:` 与 `unit:`），且其问题的答案必须为是或否。"
    }
    StaleFact "W0505" Warning {
        "The fact is past its `expires` date. What it is worth then is declared by its measure (`when_stale:`, `widens_by:` under `facts:`) or by the fact itself (`when_stale:`): a number is still used, with its range widened; `unknown` leaves it without a value, or assumes that a date still to come, as the end of support of the newest release, stays as far ahead; `keep` uses it as it is, as for a pinned release. Commands that evaluate a decision name the stale facts that could turn the winner; `weigh check` and `weigh catalog check` list all. Look it up again."
        "该事实已过 `expires` 日期。此后如何取值由其声明（`facts:` 下的 `when_stale:` 与 `widens_by:`）或事实本身（`when_stale:`）决定：数值继续采用，但区间放宽；`unknown` 表示不再有值，若为尚未到来的日期（例如最新版本的支持终止日），则假定与今日的间隔不变；`keep` 表示原样采用，例如固定版本。评估决策的命令只列出可能改变首选的过期事实，`weigh check` 与 `weigh catalog check` 列出全部；请重新查证。"
    }
    DoubleCounting "W0506" Warning {
        "Two weighted criteria contain the same cost, so it counts twice. Give points to only one of them, or remove the shared term from the other."
        "两个带权重的准则包含同一项成本，被重复计算。请只给其中之一点数，或从另一个中去掉共同的部分。"
    }
    Unsourced "E0507" Error {
        "A fact in a catalog has no source. Give `source` and `as_of`, in the fact or in the file's `defaults:`, or mark it as judged, with a range and a scale. Facts in a decision file do not need a source."
        "目录中的事实没有说明出处。请在事实或文件的 `defaults:` 中给出 `source` 与 `as_of`；或标为判断（`judged`），并给出区间与量表。决策自带的事实由作者负责，可以不写。"
    }
    ObservedAnchors "W0508" Warning {
        "The criterion declares no anchors, so the worst and best values among the candidates are used. Adding or removing a candidate can then reverse the ranking. Declare `@worst` and `@best`."
        "该准则没有声明锚点，于是以各候选中的最差与最佳值代替。候选增减可能因此颠倒排名；请声明 `@worst` 与 `@best`。"
    }
    LegacyModel "W0509" Warning {
        "The criterion uses a model that is kept only to reproduce a published figure. Its defects are listed in the message and in its file."
        "该准则使用仅为重现已发表数字而保留的模型。其缺陷列于消息与所在文件中。"
    }
    ContradictoryFact "E0510" Error {
        "A fact contradicts itself or another fact: it expires before the day it was gathered, its licence is not an SPDX expression, or it violates a `consistency:` rule, such as a newest release before the first one. Look up which of them is wrong."
        "该事实自相矛盾或与另一事实矛盾：失效日期早于取证日期、许可证不是 SPDX 表达式，或违反 `consistency:` 中的规则（例如最新发布早于首次发布）。请查证哪一个有误。"
    }
    AnchorsMoved "W0511" Warning {
        "The weights were elicited for other anchors than the criterion has now. A swing weight states the value of the swing from the declared worst to the declared best, so elicit it again when the anchors change. Then write the new anchors under `for:` in the weights file."
        "这些权重是针对其他锚点征询的。权重衡量从声明的最差到声明的最佳的摆动价值，锚点变动后须重新征询；然后把新锚点写入权重文件的 `for:`。"
    }
    WholeFactUnused "W0513" Warning {
        "A composite states a fact itself, but a formula goes through its parts (`part in parts`) and reads theirs. State the fact on the part that it belongs to, for instance `{id: PART, facts: {..}}` among the candidates or `--set candidates.PART.FACT=VALUE`."
        "组合候选自身给出了某项事实，但公式逐一读取其组成部分（`part in parts`）的事实。请在所属的部分上给出该事实，例如候选列表中的 `{id: PART, facts: {..}}`，或 `--set candidates.PART.FACT=VALUE`。"
    }
    BadOutcome "E0512" Error {
        "The outcome contradicts itself. An accepted decision says what was chosen, `review_by` does not lie before `on`, whoever dissents prefers another candidate than the chosen one, and only what was accepted has the ring `adopt`. `outcome:` says what people decided; it need not be the first candidate of the ranking."
        "决策结论自相矛盾。已采纳（`accepted`）的决策须写明 `chosen`；`review_by` 不得早于 `on`；持异议者所倾向的方案不能就是选定的方案；只有已采纳的方案才能处于 `adopt` 环。`outcome:` 记录人作出的决定，不必是排名第一的方案。"
    }
    UnusedSkill "W0580" Warning {
        "Nothing uses this skill or field of a team member: no candidate has it as its language, platform or another word, no table has a row for it, and it is not the decision's domain. So it counts as nothing. Most often it is a spelling mistake, such as `pyton`."
        "没有任何内容使用该成员技能或字段：没有候选以其为语言、平台或其他文字类事实，没有表格列出它，它也不是本决策的业务领域，因此不产生作用。多半是拼写错误，例如 `pyton`。"
    }
    SuspiciousAnchors "W0570" Warning {
        "The anchors of a criterion look wrong: they call the larger of two costs the better one, or every candidate lies beyond the same one, so that the criterion cannot tell them apart. `worst` gets the value 0 and `best` the value 1. If more of the measure is better although it is money, as with revenue, define it as a formula with `cost: false`."
        "准则的锚点看起来有误：成本越高反而越好，或所有候选都超出同一端锚点，因而无法区分。`worst` 取 0，`best` 取 1。如果该量虽为金额却越多越好（例如收入），请将其定义为公式并写 `cost: false`。"
    }
    BadMatrix "E0601" Error {
        "The matrix CSV has the wrong layout. First row: `candidate`, then criterion ids. Rows that begin with `@` are `@direction`, `@weight`, `@worst`, `@best` or `@unit`. Then follows one row per candidate, with a number, a range or nothing in each cell."
        "矩阵 CSV 的格式不符。首行：`candidate` 与各准则 id；以 `@` 开头的行为 `@direction`、`@weight`、`@worst`、`@best` 或 `@unit`；其后每个候选一行，单元格为数字、区间或留空。"
    }
    BadWeights "E0701" Error {
        "No weights can be derived from the file: it has no points, leaves a pair uncompared, gives a ratio that is not positive, or orders an unknown criterion. A profile has `points:`; convert judgements with `weigh weights` first."
        "无法由该文件得出权重：没有点数、有未比较的配对、比率非正，或排序中出现未知准则。权重方案应有 `points:`；判断类文件请先用 `weigh weights` 换算。"
    }
    BadEvidence "E0702" Error {
        "The evidence file was not written by `weigh bench run` or `weigh bench import`: it has no rounds, or two rounds with the same number. Do not edit evidence files; run or import again."
        "该证据文件不可能由 `weigh bench run` 或 `weigh bench import` 写出：没有轮次，或两个轮次编号相同。请勿手工编辑；请重新运行或导入。"
    }
}

impl Code {
    /// Finds a code by id, ignoring case.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.id().eq_ignore_ascii_case(id))
    }
}
