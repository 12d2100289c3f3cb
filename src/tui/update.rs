//! From an event or action to the next state, without a terminal; what only a terminal or the system can do comes back as an
//! [`Effect`].

mod nudge;
mod places;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};

use super::action::Action;
use super::event::Event;
use super::keymap::Key;
use super::state::{List, Overlay, Purpose, Screen, State};
use super::theme::Ground;
use super::widget::{Target, wrap};
use crate::lang::Text;
use crate::session::Turn;
use crate::tr;
use nudge::{round, step};
use places::{moved, places};

/// What the world has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// End, giving the terminal back; a report that is being written is finished.
    Quit,
    /// End at once.
    Abort,
    /// Go to the background.
    Suspend,
    /// Copy this text.
    Copy(String),
    /// Open an editor at file and line.
    Edit(String, usize),
    /// Take the mouse, or let it go.
    Mouse(bool),
    /// Paint everything again.
    Repaint,
    /// Read the files again.
    Reload,
    /// Write the knobs as a scenario of this name.
    SaveScenario(String),
    /// Write the weights as a profile of this name.
    SaveProfile(String),
    /// Write the report of what the files now say.
    Report,
    /// Write the present view: as JSON, else as Markdown.
    Export(bool),
    /// Forget what was kept for a crash.
    Forget,
}

/// Takes an event in.
pub fn handle(state: &mut State, event: Event) -> Vec<Effect> {
    match event {
        Event::Key(key) => press(state, key),
        Event::Paste(text) => {
            if let Some(Overlay::Prompt(_, input) | Overlay::Palette(input)) =
                state.overlays.last_mut()
            {
                let line = text.lines().next().unwrap_or_default();
                *input = Input::new(format!(
                    "{}{}",
                    input.value(),
                    line.chars().filter(|c| !c.is_control()).collect::<String>()
                ));
            }
            Vec::new()
        }
        Event::Resize(width, height) => {
            state.size = (width, height);
            state.hits.clear();
            Vec::new()
        }
        Event::Press(x, y) => click(state, x, y),
        Event::Wheel(_, _, by) => update(state, if by > 0 { Action::Down } else { Action::Up }),
        Event::Release => {
            state.session.rest();
            Vec::new()
        }
    }
}

fn press(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    let name = Key::of(&key);
    if state.keymap.action(name, state.screen) == Some(Action::Abort) {
        return update(state, Action::Abort);
    }
    let typed = |input: &mut Input| {
        if let Some(request) = request(&key) {
            input.handle(request);
        }
    };
    match state.overlays.last_mut() {
        None => match state.keymap.action(name, state.screen) {
            Some(action) => update(state, action),
            None => Vec::new(),
        },
        Some(Overlay::Prompt(..)) if key.code == KeyCode::Enter => submit(state),
        Some(Overlay::Prompt(_, input)) if key.code != KeyCode::Esc => {
            typed(input);
            if let Some(Overlay::Prompt(Purpose::Filter, input)) = state.overlays.last() {
                state.filter = input.value().to_owned();
            }
            Vec::new()
        }
        Some(Overlay::Prompt(Purpose::Filter, _)) => {
            state.filter.clear();
            state.overlays.pop();
            Vec::new()
        }
        Some(Overlay::Prompt(..)) => close(state),
        Some(Overlay::Palette(input)) => match key.code {
            KeyCode::Esc => close(state),
            KeyCode::Enter => {
                let action = state.commands().get(state.cursor(List::Palette)).copied();
                state.overlays.pop();
                action.map_or_else(Vec::new, |action| update(state, action))
            }
            KeyCode::Down => shift(state, List::Palette, 1),
            KeyCode::Up => shift(state, List::Palette, -1),
            _ if key.modifiers.contains(KeyModifiers::CONTROL)
                && key.code == KeyCode::Char('p') =>
            {
                close(state)
            }
            _ => {
                typed(input);
                state.set_cursor(List::Palette, 0);
                Vec::new()
            }
        },
        Some(Overlay::Leave) => match key.code {
            KeyCode::Char('y') => vec![Effect::Forget, Effect::Quit],
            KeyCode::Char('s') => {
                state.overlays.pop();
                update(state, Action::SaveScenario)
            }
            KeyCode::Char('n' | 'q') | KeyCode::Esc => close(state),
            _ => Vec::new(),
        },
        Some(Overlay::Recover(kept)) => match key.code {
            KeyCode::Char('y') | KeyCode::Enter => {
                let knobs = kept.knobs(&state.session);
                state.overlays.pop();
                state
                    .session
                    .adopt(knobs, tr!("recovered work", "恢复的工作"));
                state.message = state
                    .lang
                    .pick("unsaved work taken up again", "已恢复未保存的工作")
                    .to_owned();
                Vec::new()
            }
            KeyCode::Char('n') => {
                state.overlays.pop();
                vec![Effect::Forget]
            }
            KeyCode::Char('q') | KeyCode::Esc => close(state),
            _ => Vec::new(),
        },
        Some(Overlay::Help | Overlay::Glossary { .. }) => {
            match (key.code, state.keymap.action(name, state.screen)) {
                (KeyCode::Esc | KeyCode::Char('q' | '?') | KeyCode::Enter, _) => close(state),
                (_, Some(Action::Down)) => shift(state, List::Help, 1),
                (_, Some(Action::Up)) => shift(state, List::Help, -1),
                (_, Some(action)) if action.screen().is_some() => {
                    state.overlays.pop();
                    update(state, action)
                }
                _ => Vec::new(),
            }
        }
    }
}

/// What a key does to a line that is typed.
fn request(key: &KeyEvent) -> Option<InputRequest> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match (key.code, ctrl) {
        (KeyCode::Backspace, false) | (KeyCode::Char('h'), true) => InputRequest::DeletePrevChar,
        (KeyCode::Delete, _) => InputRequest::DeleteNextChar,
        (KeyCode::Left, true) => InputRequest::GoToPrevWord,
        (KeyCode::Right, true) => InputRequest::GoToNextWord,
        (KeyCode::Left, false) => InputRequest::GoToPrevChar,
        (KeyCode::Right, false) => InputRequest::GoToNextChar,
        (KeyCode::Home, _) | (KeyCode::Char('a'), true) => InputRequest::GoToStart,
        (KeyCode::End, _) | (KeyCode::Char('e'), true) => InputRequest::GoToEnd,
        (KeyCode::Char('w'), true) | (KeyCode::Backspace, true) => InputRequest::DeletePrevWord,
        (KeyCode::Char('u'), true) => InputRequest::DeleteLine,
        (KeyCode::Char('k'), true) => InputRequest::DeleteTillEnd,
        (KeyCode::Char(c), false) => InputRequest::InsertChar(c),
        _ => return None,
    })
}

fn close(state: &mut State) -> Vec<Effect> {
    state.overlays.pop();
    Vec::new()
}

fn click(state: &mut State, x: u16, y: u16) -> Vec<Effect> {
    let inside = |area: &ratatui::layout::Rect| area.contains(ratatui::layout::Position { x, y });
    let Some(hit) = state
        .hits
        .iter()
        .rev()
        .find(|hit| inside(&hit.area))
        .copied()
    else {
        return Vec::new();
    };
    match hit.target {
        Target::Tab(screen) => update(state, screen.action()),
        Target::Row(list, at) => {
            focus(state, list);
            state.set_cursor(list, at);
            Vec::new()
        }
        Target::Slider(list, at) => {
            focus(state, list);
            state.set_cursor(list, at);
            let part =
                f64::from(x - hit.area.x) / f64::from(hit.area.width.saturating_sub(1).max(1));
            if list == List::Weights {
                let most = most(state);
                turn(state, Turn::Points(at, (part * most).round()))
            } else if let Some(knob) = state.views.knobs.get(at).cloned() {
                let value = knob.range.0 + part * (knob.range.1 - knob.range.0);
                turn(
                    state,
                    Turn::Set(knob.name.clone(), Some(round(&knob, value))),
                )
            } else {
                Vec::new()
            }
        }
    }
}

/// The right end of the weight sliders.
pub(super) fn most(state: &State) -> f64 {
    let points = state
        .session
        .declared()
        .points
        .iter()
        .chain(&state.session.knobs().points);
    points.copied().fold(crate::session::MOST_POINTS, f64::max)
}

fn focus(state: &mut State, list: List) {
    if let Some(pane) = state.screen.lists().iter().position(|l| *l == list) {
        state.set_pane(pane);
    }
}

/// Does one thing.
pub fn update(state: &mut State, action: Action) -> Vec<Effect> {
    if let Some(why) = action.unavailable(state) {
        state.message = why.get(state.lang).to_owned();
        return Vec::new();
    }
    if let Some(screen) = action.screen() {
        if state.screen != screen {
            state.filter.clear();
        }
        state.screen = screen;
        state.message.clear();
        return Vec::new();
    }
    let list = state.list();
    let page = i32::from(state.size.1.saturating_sub(8).max(2) / 2);
    match action {
        Action::Down => shift(state, list, 1),
        Action::Up => shift(state, list, -1),
        Action::PageDown => shift(state, list, page),
        Action::PageUp => shift(state, list, -page),
        Action::First => shift(state, list, i32::MIN),
        Action::Last => shift(state, list, i32::MAX),
        Action::Left => sideways(state, -1.0),
        Action::Right => sideways(state, 1.0),
        Action::FarLeft => sideways(state, -5.0),
        Action::FarRight => sideways(state, 5.0),
        Action::NextPane | Action::PreviousPane => {
            let count = state.screen.lists().len();
            let step = if action == Action::NextPane {
                1
            } else {
                count - 1
            };
            let pane = (state.pane() + step) % count;
            state.set_pane(pane);
            Vec::new()
        }
        Action::Enter => enter(state),
        Action::Back => {
            // Esc goes up one level and never leaves (workmux #98, tut #187).
            state.filter.clear();
            state.message.clear();
            Vec::new()
        }
        Action::NextCandidate => other(state, 1),
        Action::PreviousCandidate => other(state, -1),
        Action::Undo => told(state, "took back", "已撤销", crate::session::Session::undo),
        Action::Redo => told(state, "did again", "已重做", crate::session::Session::redo),
        Action::Zero => turn(state, Turn::Points(state.cursor(List::Weights), 0.0)),
        Action::Lock => turn(state, Turn::Lock(state.cursor(List::Weights))),
        Action::Reset => reset(state),
        Action::ResetAll => {
            let declared = state.session.declared().clone();
            state
                .session
                .adopt(declared, tr!("all changes", "所有改动"));
            Vec::new()
        }
        Action::Snapshot => {
            let name = char::from_u32(
                'a' as u32 + u32::try_from(state.session.snapshots.len() % 26).unwrap_or(0),
            )
            .unwrap_or('z');
            state.session.snapshot(name.to_string());
            state.message = tr!("snapshot {name}: `b` goes back", "快照 {name}：按 `b` 返回")
                .get(state.lang)
                .to_owned();
            Vec::new()
        }
        Action::Restore => {
            let last = state.session.snapshots.len() - 1;
            state.session.restore(last);
            Vec::new()
        }
        Action::Adopt => {
            let shares = state.central().unwrap_or_default();
            turn(state, Turn::Shares(shares))
        }
        Action::Widen => {
            state.width = state.width.next();
            state.robustness.spoil();
            Vec::new()
        }
        Action::NextRival => {
            let order = state.order();
            let now = state
                .against()
                .and_then(|r| order.iter().position(|c| *c == r))
                .unwrap_or(0);
            let all = (1..=order.len()).map(|step| order[(now + step) % order.len()]);
            state.rival = all.into_iter().find(|c| *c != state.candidate);
            Vec::new()
        }
        Action::Swap => {
            if let Some(rival) = state.against() {
                state.rival = Some(state.candidate);
                state.candidate = rival;
            }
            Vec::new()
        }
        Action::AxisX | Action::AxisY => {
            let count = state.views.board.criteria.len().max(1);
            let next = |at: usize| (at + 1) % count;
            if action == Action::AxisX {
                state.axes.0 = next(state.axes.0)
            } else {
                state.axes.1 = next(state.axes.1)
            }
            if state.axes.0 == state.axes.1 && count > 1 {
                if action == Action::AxisX {
                    state.axes.0 = next(state.axes.0)
                } else {
                    state.axes.1 = next(state.axes.1)
                }
            }
            Vec::new()
        }
        Action::Expand => {
            state.toggle_all();
            Vec::new()
        }
        Action::NextHit => shift(state, list, 1),
        Action::PreviousHit => shift(state, list, -1),
        Action::Set => ask(state),
        Action::Filter => prompt(state, Purpose::Filter, String::new()),
        Action::SaveScenario => prompt(state, Purpose::Scenario, String::new()),
        // A report is made from files, so that the shell gives the same one.
        Action::Report if state.session.as_saved().is_none() => {
            prompt(state, Purpose::Report, String::new())
        }
        Action::Report => vec![Effect::Report],
        Action::SaveProfile => prompt(state, Purpose::Profile, String::new()),
        Action::Help => over(state, Overlay::Help),
        Action::Palette => over(state, Overlay::Palette(Input::default())),
        Action::Glossary => glossary(state),
        Action::Language => {
            state.lang = if state.lang == crate::lang::Lang::En {
                crate::lang::Lang::Zh
            } else {
                crate::lang::Lang::En
            };
            state.sensitivity.spoil();
            state.robustness.spoil();
            state.dominance.spoil();
            state.information.spoil();
            Vec::new()
        }
        Action::Ground => {
            state.look.ground = if state.look.ground == Ground::Dark {
                Ground::Light
            } else {
                Ground::Dark
            };
            state.message = match state.look.ground {
                Ground::Dark => state.lang.pick("colours for a dark ground", "深色背景配色"),
                Ground::Light => state
                    .lang
                    .pick("colours for a light ground", "浅色背景配色"),
            }
            .to_owned();
            Vec::new()
        }
        Action::Mouse => {
            state.mouse = !state.mouse;
            state.message = if state.mouse {
                state.lang.pick("mouse on", "鼠标已启用")
            } else {
                state
                    .lang
                    .pick("mouse off: text can be selected", "鼠标已关闭：可选择文本")
            }
            .to_owned();
            vec![Effect::Mouse(state.mouse)]
        }
        Action::CopyCell => vec![Effect::Copy(super::draw::cell(state))],
        Action::CopyRow => vec![Effect::Copy(super::draw::row(state))],
        Action::CopyCommand => vec![Effect::Copy(state.session.command("rank"))],
        Action::Export => vec![Effect::Export(false)],
        Action::ExportJson => vec![Effect::Export(true)],
        Action::Edit => state
            .place()
            .map_or_else(Vec::new, |(file, line)| vec![Effect::Edit(file, line)]),
        Action::Reload => vec![Effect::Reload],
        Action::Redraw => vec![Effect::Repaint],
        Action::Suspend => vec![Effect::Suspend],
        Action::Abort => vec![Effect::Abort],
        Action::Quit => {
            if state.session.is_unsaved() {
                over(state, Overlay::Leave)
            } else {
                vec![Effect::Forget, Effect::Quit]
            }
        }
        _ => Vec::new(),
    }
}

fn over(state: &mut State, overlay: Overlay) -> Vec<Effect> {
    state.set_cursor(List::Help, 0);
    state.set_cursor(List::Palette, 0);
    state.overlays.push(overlay);
    Vec::new()
}

fn prompt(state: &mut State, purpose: Purpose, value: String) -> Vec<Effect> {
    over(state, Overlay::Prompt(purpose, Input::new(value)))
}

fn shift(state: &mut State, list: List, by: i32) -> Vec<Effect> {
    let at = i64::try_from(state.cursor(list)).unwrap_or(0) + i64::from(by);
    state.set_cursor(list, usize::try_from(at.max(0)).unwrap_or(0));
    state.session.rest();
    Vec::new()
}

fn other(state: &mut State, by: isize) -> Vec<Effect> {
    let order = state.order();
    if let Some(at) = order.iter().position(|c| *c == state.candidate) {
        let next = at.saturating_add_signed(by).min(order.len() - 1);
        state.candidate = order[next];
    }
    Vec::new()
}

fn told(
    state: &mut State,
    en: &str,
    zh: &str,
    step: fn(&mut crate::session::Session) -> Option<Text>,
) -> Vec<Effect> {
    let before = places(state);
    if let Some(label) = step(&mut state.session) {
        let moved = moved(state, &before);
        state.message = tr!(
            "{en}: {0}{moved}",
            "{zh}：{0}{moved}",
            label.get(state.lang)
        )
        .get(state.lang)
        .to_owned();
    }
    Vec::new()
}

fn turn(state: &mut State, turn: Turn) -> Vec<Effect> {
    let before = places(state);
    let was = state.session.knobs().clone();
    if let Err(why) = state.session.turn(turn.clone()) {
        state.message = why.get(state.lang).to_owned();
        return Vec::new();
    }
    let changes = moved(state, &before);
    let what = match &turn {
        Turn::Points(k, _) => {
            let title = state
                .views
                .board
                .criteria
                .get(*k)
                .map_or("", |c| c.title.as_str());
            format!(
                "{title} {} -> {}",
                was.points[*k],
                state.session.knobs().points[*k]
            )
        }
        Turn::Set(name, value) => {
            let shown = value.map_or_else(
                || state.lang.pick("as declared", "按声明").to_owned(),
                |v| state.session.model().written(name, v),
            );
            let knob = state.views.knobs.iter().find(|k| k.name == *name);
            format!(
                "{} -> {shown}",
                knob.map_or(name.as_str(), |k| k.title.as_str())
            )
        }
        Turn::Lock(_) => state.lang.pick("lock", "锁定").to_owned(),
        Turn::Shares(_) => state.lang.pick("weights adopted", "已采用权重").to_owned(),
    };
    state.message = format!("{what}{changes}");
    Vec::new()
}

fn sideways(state: &mut State, by: f64) -> Vec<Effect> {
    match state.list() {
        List::Weights | List::Places => {
            let k = state.cursor(List::Weights);
            let Some(points) = state.session.knobs().points.get(k).copied() else {
                return Vec::new();
            };
            turn(state, Turn::Points(k, points + by))
        }
        List::Knobs => {
            let Some(knob) = state.views.knobs.get(state.cursor(List::Knobs)).cloned() else {
                return Vec::new();
            };
            let value = if knob.flag {
                f64::from(u8::from(by > 0.0))
            } else {
                step(&knob, by)
            };
            turn(state, Turn::Set(knob.name.clone(), Some(value)))
        }
        List::Cells => {
            let count = state.views.matrix.criteria.len().max(1);
            state.column = state
                .column
                .saturating_add_signed(by as isize)
                .min(count - 1);
            Vec::new()
        }
        List::Tree => {
            let at = state.cursor(List::Tree);
            if let Some(branch) = state
                .views
                .tree
                .get(at)
                .filter(|b| b.open == Some(by < 0.0))
                .map(|b| b.key.clone())
            {
                state.toggle(&branch);
            }
            Vec::new()
        }
        List::Nodes => {
            for _ in 0..by.abs() as usize {
                let at = along(state, by > 0.0);
                state.set_cursor(List::Nodes, at);
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// The node at the other end of an edge that leaves the one under the cursor, the nearest; the same where none does.
fn along(state: &State, forwards: bool) -> usize {
    let (layers, rows) = (&state.views.layers, &state.views.wiring.rows);
    let at = state.cursor(List::Nodes);
    let Some(own) = layers.nodes.get(at) else {
        return at;
    };
    let ends = if forwards { &own.used } else { &own.feeds };
    let far = |n: &usize| {
        (
            layers.nodes[*n].column.abs_diff(own.column),
            rows[*n].abs_diff(rows[at]),
        )
    };
    ends.iter().copied().min_by_key(far).unwrap_or(at)
}

fn reset(state: &mut State) -> Vec<Effect> {
    match state.list() {
        List::Knobs => {
            let Some(name) = state
                .views
                .knobs
                .get(state.cursor(List::Knobs))
                .map(|k| k.name.clone())
            else {
                return Vec::new();
            };
            turn(state, Turn::Set(name, None))
        }
        _ => {
            let k = state.cursor(List::Weights);
            let Some(points) = state.session.declared().points.get(k).copied() else {
                return Vec::new();
            };
            turn(state, Turn::Points(k, points))
        }
    }
}

fn ask(state: &mut State) -> Vec<Effect> {
    match state.list() {
        List::Knobs => {
            let Some(knob) = state.views.knobs.get(state.cursor(List::Knobs)).cloned() else {
                return Vec::new();
            };
            if knob.flag {
                return turn(state, Turn::Set(knob.name, Some(1.0 - knob.value)));
            }
            prompt(state, Purpose::Knob(knob.name), String::new())
        }
        _ => {
            let k = state.cursor(List::Weights);
            prompt(state, Purpose::Points(k), String::new())
        }
    }
}

fn submit(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Prompt(purpose, input)) = state.overlays.pop() else {
        return Vec::new();
    };
    let value = input.value().trim().to_owned();
    let number = value
        .replace(',', "")
        .parse::<f64>()
        .ok()
        .filter(|x| x.is_finite());
    let refused = |state: &mut State| {
        state.message = tr!("`{value}` is not a number", "`{value}` 不是数字")
            .get(state.lang)
            .to_owned();
        Vec::new()
    };
    match purpose {
        Purpose::Filter => {
            state.filter = value;
            Vec::new()
        }
        Purpose::Points(k) => match number {
            Some(points) => turn(state, Turn::Points(k, points)),
            None => refused(state),
        },
        Purpose::Knob(name) => {
            let factor = state
                .views
                .knobs
                .iter()
                .find(|k| k.name == name)
                .map_or(1.0, |k| k.factor);
            match number {
                Some(figure) => turn(state, Turn::Set(name, Some(figure * factor))),
                None => refused(state),
            }
        }
        Purpose::Scenario | Purpose::Report | Purpose::Profile => {
            let value = if value.is_empty() {
                state.proposed()
            } else {
                value
            };
            let plain = !value.is_empty()
                && value
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
            if !plain {
                state.message = tr!(
                    "a name has letters, digits, - and _",
                    "名称只含字母、数字、- 与 _"
                )
                .get(state.lang)
                .to_owned();
                return Vec::new();
            }
            match purpose {
                Purpose::Profile => vec![Effect::SaveProfile(value)],
                Purpose::Report => vec![Effect::SaveScenario(value), Effect::Report],
                _ => vec![Effect::SaveScenario(value)],
            }
        }
    }
}

fn enter(state: &mut State) -> Vec<Effect> {
    match state.list() {
        List::Tree => {
            let at = state.cursor(List::Tree);
            if let Some(key) = state
                .views
                .tree
                .get(at)
                .filter(|b| b.open.is_some())
                .map(|b| b.key.clone())
            {
                state.toggle(&key);
            }
            Vec::new()
        }
        List::Knobs => ask(state),
        List::Bars => {
            let bar = state
                .shown_bars()
                .get(state.cursor(List::Bars))
                .map(|b| b.input.clone());
            if let Some(name) = bar.filter(|name| !name.starts_with("candidates.")) {
                state.screen = Screen::WhatIf;
                state.filter = name;
                state.set_pane(0);
            }
            Vec::new()
        }
        List::Ranges => update(state, Action::Rank),
        List::Chances if state.central().is_some() => update(state, Action::Adopt),
        List::Problems if state.cursor(List::Problems) >= state.views.problems.len() => {
            let command = state.command(state.cursor(List::Problems) - state.views.problems.len());
            command.map_or_else(Vec::new, |command| vec![Effect::Copy(command)])
        }
        List::Problems | List::Facts => update(state, Action::Edit),
        _ => update(state, Action::Why),
    }
}

fn glossary(state: &mut State) -> Vec<Effect> {
    let (title, lines) = super::screen::term(state);
    let lines = lines.iter().flat_map(|line| wrap(line, 66)).collect();
    over(state, Overlay::Glossary { title, lines })
}
