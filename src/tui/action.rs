//! The actions of the terminal UI by name, as keys, the palette, help and the key file refer to them.

use super::state::{Screen, State};
use crate::lang::{Lang, Text};
use crate::tr;

macro_rules! actions {
    ($($(#[doc = $doc:literal])? $variant:ident $name:literal $en:literal $zh:literal;)*) => {
        /// What a key or a command of the palette does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $(#[doc = $en] $variant,)* }

        impl Action {
            /// All actions in the order of the palette.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name of the action in the key file and the palette.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Describes what the action does.
            #[must_use]
            pub fn about(self, lang: Lang) -> &'static str {
                match self { $(Self::$variant => lang.pick($en, $zh),)* }
            }
        }
    };
}

actions! {
    Rank "rank" "ranking and weights" "排名与权重";
    Tradeoff "trade-off" "two criteria against each other" "两项准则的权衡";
    Sensitivity "sensitivity" "what would change the ranking" "什么会改变排名";
    Robustness "robustness" "how often each candidate takes each rank" "各名次出现的频率";
    Why "why" "from score to evidence" "从得分到证据";
    Graph "graph" "the decision graph" "决策图";
    Compare "compare" "two candidates head to head" "两个候选逐项对比";
    WhatIf "what-if" "inputs, team and scenarios" "输入、团队与情景";
    Data "data" "evidence and problems" "证据与问题";
    Down "down" "next row" "下一行";
    Up "up" "previous row" "上一行";
    PageDown "page-down" "a page down" "下一页";
    PageUp "page-up" "a page up" "上一页";
    First "first" "first row" "首行";
    Last "last" "last row" "末行";
    Left "left" "less, or left" "减小或向左";
    Right "right" "more, or right" "增大或向右";
    FarLeft "far-left" "much less" "大幅减小";
    FarRight "far-right" "much more" "大幅增大";
    NextPane "next-pane" "next pane" "下一窗格";
    PreviousPane "previous-pane" "previous pane" "上一窗格";
    Enter "enter" "open" "进入";
    Back "back" "one level up" "返回上层";
    Set "set" "enter a value" "输入数值";
    Zero "zero" "set the weight to 0" "权重归零";
    Lock "lock" "lock or unlock the share" "锁定或解锁份额";
    Reset "reset" "reset to the value in the files" "恢复文件中的值";
    ResetAll "reset-all" "reset everything to the values in the files" "全部恢复文件中的值";
    Undo "undo" "undo" "撤销";
    Redo "redo" "redo" "重做";
    Snapshot "snapshot" "take a snapshot" "保存当前快照";
    Restore "restore" "go back to the last snapshot" "恢复上一个快照";
    NextCandidate "next-candidate" "next candidate" "下一个候选";
    PreviousCandidate "previous-candidate" "previous candidate" "上一个候选";
    NextRival "next-rival" "compare with the next candidate" "与下一个比较";
    Swap "swap" "swap the two candidates" "交换两者";
    AxisX "axis-x" "another criterion on the right axis" "更换横轴准则";
    AxisY "axis-y" "another criterion on the up axis" "更换纵轴准则";
    Widen "widen" "widen the range of weights" "扩大权重范围";
    Adopt "adopt" "adopt these weights" "采用这些权重";
    Filter "filter" "filter the list" "筛选列表";
    NextHit "next-hit" "next match" "下一个匹配";
    PreviousHit "previous-hit" "previous match" "上一个匹配";
    Expand "expand" "expand or collapse everything" "全部展开或折叠";
    SaveScenario "save-scenario" "save as a scenario next to the decision" "另存为决策旁的情景";
    Report "report" "write the report of this state" "写出当前状态的报告";
    SaveProfile "save-profile" "save the weights as a profile" "将权重另存为方案";
    Export "export" "write this view as Markdown" "将当前视图写为 Markdown";
    ExportJson "export-json" "write this view as JSON" "将当前视图写为 JSON";
    CopyCell "copy" "copy the value under the cursor" "复制光标处的值";
    CopyRow "copy-row" "copy the row as Markdown" "将该行复制为 Markdown";
    CopyCommand "copy-command" "copy the shell command of this state" "复制当前状态的命令";
    Edit "edit" "open the file at the line" "在编辑器中打开该行";
    Reload "reload" "reload the files" "重新读取文件";
    Help "help" "keys of this screen" "本屏幕的按键";
    Glossary "glossary" "explain the term" "术语解释";
    Palette "palette" "all commands" "所有命令";
    Mouse "mouse" "mouse on or off (off: select text)" "鼠标开关（关闭后可选文本）";
    Ground "ground" "dark or light theme" "切换深色或浅色主题";
    Language "language" "English or Chinese" "切换中英文";
    Redraw "redraw" "repaint the screen" "重绘";
    Suspend "suspend" "suspend to the shell" "暂时回到 shell";
    Quit "quit" "quit" "退出";
    Abort "abort" "quit at once" "立即退出";
}

impl Action {
    /// The screen that the action opens.
    #[must_use]
    pub fn screen(self) -> Option<Screen> {
        Screen::ALL
            .iter()
            .copied()
            .find(|screen| screen.action() == self)
    }

    /// Why the action is not available now; `None` if it is.
    #[must_use]
    pub fn unavailable(self, state: &State) -> Option<Text> {
        let on = |screens: &[Screen]| {
            let names: Vec<&str> = screens.iter().map(|s| s.action().name()).collect();
            let names = names.join(", ");
            (!screens.contains(&state.screen)).then(|| tr!("only on {names}", "仅用于 {names}"))
        };
        let (past, future) = state.session.history();
        match self {
            Self::Undo if !past => Some(tr!("nothing to undo", "没有可撤销的操作")),
            Self::Redo if !future => Some(tr!("nothing to redo", "没有可重做的操作")),
            Self::ResetAll if !state.session.is_edited() => {
                Some(tr!("nothing was changed", "没有改动"))
            }
            Self::SaveScenario | Self::SaveProfile if !state.session.is_edited() => {
                Some(tr!("nothing was changed", "没有改动"))
            }
            Self::Zero | Self::Lock => on(&[Screen::Rank]),
            Self::Set | Self::Reset => on(&[Screen::Rank, Screen::WhatIf]),
            Self::AxisX | Self::AxisY => on(&[Screen::Tradeoff]),
            Self::Widen => on(&[Screen::Robustness]),
            Self::Adopt => on(&[Screen::Robustness]).or_else(|| {
                state
                    .central_weights()
                    .is_none()
                    .then(|| tr!("no weights make it first", "没有权重能使其居首"))
            }),
            Self::NextRival | Self::Swap => on(&[Screen::Compare]),
            Self::Expand => on(&[Screen::Why]),
            Self::NextHit | Self::PreviousHit if state.filter.is_empty() => {
                Some(tr!("no filter: press `/`", "没有筛选条件：按 `/`"))
            }
            Self::Ground if state.look.colors == super::Colors::None => {
                Some(tr!("no colours here", "此处没有颜色"))
            }
            Self::Edit => state
                .file_at_cursor()
                .is_none()
                .then(|| tr!("no file behind this row", "该行没有对应的文件")),
            _ => None,
        }
    }
}
