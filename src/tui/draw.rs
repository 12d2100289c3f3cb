//! One frame: the header, the tabs, the screen, the status line, the keys, and overlays on top.

mod footer;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Tabs;

use super::state::{Screen, State};
use super::widget::{ClickTarget, Hit, Pen, fit, width};
use super::{overlay, screen};
use crate::lang::{Lang, Text};
use crate::tr;

/// The least width and height of the terminal.
const MIN_SIZE: (u16, u16) = (40, 10);
/// The least height in which the verdict has a line of its own.
const HEIGHT_WITH_VERDICT: u16 = 16;
/// The least columns for the title of the decision beside what the header says on the right.
const MIN_TITLE: u16 = 12;

/// Paints a state.
pub fn draw(state: &mut State, frame: &mut Frame<'_>) {
    let area = frame.area();
    state.hits = paint(state, frame.buffer_mut(), area);
}

fn paint(state: &State, buffer: &mut Buffer, area: Rect) -> Vec<Hit> {
    let mut pen = Pen::new(buffer, state.look);
    let (width, height) = MIN_SIZE;
    if area.width < width || area.height < height {
        let text = tr!(
            "needs {width}x{height}, have {0}x{1}",
            "需要 {width}x{height}，现有 {0}x{1}",
            area.width,
            area.height
        );
        pen.put(area, 0, 0, text.get(state.lang), Style::new());
        return pen.hits;
    }
    let says = u16::from(area.height >= HEIGHT_WITH_VERDICT);
    let [header, verdict, tabs, body, status, keys] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(says),
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    draw_header(state, &mut pen, header);
    draw_verdict(state, &mut pen, verdict);
    draw_tabs(state, &mut pen, tabs);
    screen::draw(state, &mut pen, body);
    footer::draw_status(state, &mut pen, status);
    footer::draw_keys(state, &mut pen, keys);
    overlay::draw(state, &mut pen, area);
    pen.hits
}

fn draw_header(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (lang, look) = (state.lang, state.look);
    let situation = describe_situation(state);
    let situation = situation.get(lang);
    let title = state.session.model().decision.title.get(lang);
    let right = width(situation).saturating_add(1);
    let room = area.width.saturating_sub(right + 1);
    if room < MIN_TITLE {
        pen.put(area, 1, 0, title, look.strong());
        return;
    }
    let columns = [Constraint::Fill(1), Constraint::Length(right)];
    let [left, right] = Layout::horizontal(columns).areas(area);
    pen.put(
        left,
        1,
        0,
        &fit(title, room.into(), look.ascii),
        look.strong(),
    );
    let style = if state.session.broken.is_some() {
        look.bad()
    } else {
        Style::new()
    };
    pen.put(right, 0, 0, situation, style);
}

/// The answer, as every command gives it.
fn draw_verdict(state: &State, pen: &mut Pen<'_>, area: Rect) {
    if area.height > 0 {
        let room = area.width.saturating_sub(2);
        let sentence = fit(&state.views.board.verdict, room.into(), state.look.ascii);
        pen.put(area, 1, 0, &sentence, state.look.strong());
    }
}

/// The scenario, whether it was changed, how many candidates have a rank, and whether the files have errors.
fn describe_situation(state: &State) -> Text {
    let board = &state.views.board;
    let scenario = state.session.scenario();
    let mut text = scenario.map_or_else(|| tr!("baseline", "基线"), Text::name);
    if state.session.is_edited() {
        text.push(&tr!(" (edited)", "（已改）"));
    }
    let ranked = board.places.len();
    let screened = board.out.iter().filter(|out| out.screened).count();
    let incomplete = board.out.len() - screened;
    text.push(&tr!(
        "  {ranked} ranked, {screened} screened, {incomplete} incomplete",
        "  {ranked} 个有名次，{screened} 个被筛除，{incomplete} 个信息不全"
    ));
    if state.session.broken.is_some() {
        text.push(&tr!("  FILES HAVE ERRORS (9)", "  文件有错误 (9)"));
    }
    text
}

/// How much of the names fits on the tabs.
#[derive(Clone, Copy)]
enum TabNames {
    Full,
    Brief,
    /// Only the active tab has a name.
    ActiveOnly,
}

impl TabNames {
    fn that_fit(room: u16, lang: Lang) -> Self {
        let needed = |name: fn(Screen, Lang) -> &'static str| {
            let tabs = Screen::ALL.iter();
            tabs.map(|screen| width(name(*screen, lang)) + 4)
                .sum::<u16>()
        };
        if needed(Screen::tab) <= room {
            Self::Full
        } else if needed(Screen::brief_tab) <= room {
            Self::Brief
        } else {
            Self::ActiveOnly
        }
    }

    fn name(self, screen: Screen, is_active: bool, lang: Lang) -> &'static str {
        match self {
            Self::ActiveOnly if !is_active => "",
            Self::Brief => screen.brief_tab(lang),
            Self::Full | Self::ActiveOnly => screen.tab(lang),
        }
    }
}

fn draw_tabs(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let names = TabNames::that_fit(area.width, lang);
    let mut titles = Vec::new();
    let mut x = area.x;
    for (number, screen) in (1..).zip(Screen::ALL) {
        let is_active = screen == state.screen;
        let name = names.name(screen, is_active, lang);
        let label = format!("{number} {name}");
        let label = label.trim_end();
        let title = if is_active {
            format!("[{label}]")
        } else {
            format!(" {label} ")
        };
        let tab = Rect {
            x,
            width: width(&title),
            ..area
        };
        x = tab.right();
        pen.hit(tab.intersection(area), ClickTarget::Tab(screen));
        titles.push(Line::raw(title));
    }
    let selected = Screen::ALL
        .iter()
        .position(|screen| *screen == state.screen);
    let tabs = Tabs::new(titles)
        .divider("")
        .padding("", "")
        .select(selected)
        .highlight_style(state.look.strong());
    pen.render(tabs, area);
}
