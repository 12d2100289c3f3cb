//! How things look: 16 foregrounds and reverse, Okabe-Ito hues where there are 256 colours, nothing by colour alone.

use ratatui::style::{Color, Modifier, Style};

/// What the terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Lines and marks from ASCII only.
    pub ascii: bool,
    /// Dots instead of braille.
    pub dots: bool,
    /// Which colours.
    pub colors: Colors,
    /// What they are read on.
    pub ground: Ground,
}

/// What text is read on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// Dark, or not known: its hues are read on both.
    #[default]
    Dark,
    /// Light.
    Light,
}

/// Which colours there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colors {
    /// None: bold and reverse only.
    #[default]
    None,
    /// The 16 of every terminal.
    Sixteen,
    /// The 256 indexed ones.
    Many,
}

/// Blue, orange, bluish green, reddish purple, sky blue and vermillion (Okabe & Ito 2008) as the nearest indexed colours with a
/// contrast of 4.5 on black (WCAG 2.2, 1.4.3) and of 3.3 on white, where the ground is not known.
const HUES: [u8; 6] = [32, 136, 29, 169, 67, 166];
/// The same with a contrast of 4.5 on white.
const HUES_ON_LIGHT: [u8; 6] = [25, 130, 29, 126, 23, 124];
/// Of sixteen those that are seldom too dark for a dark ground.
const FEW: [Color; 6] = [
    Color::LightBlue,
    Color::Yellow,
    Color::Green,
    Color::LightMagenta,
    Color::Cyan,
    Color::LightRed,
];
/// And those that are seldom too light for a light one.
const FEW_ON_LIGHT: [Color; 6] = [
    Color::Blue,
    Color::Red,
    Color::Green,
    Color::Magenta,
    Color::DarkGray,
    Color::Cyan,
];

impl Look {
    /// A segment of a bar: reversed, so that it is a bar; without colour every other one is bold and plain instead.
    #[must_use]
    pub fn bar(self, at: usize) -> Style {
        match self.colors {
            Colors::None if at.is_multiple_of(2) => Style::new().add_modifier(Modifier::REVERSED),
            Colors::None => Style::new().add_modifier(Modifier::BOLD),
            _ => self.hue(at).add_modifier(Modifier::REVERSED),
        }
    }

    /// The hue of a criterion.
    #[must_use]
    pub fn hue(self, at: usize) -> Style {
        match self.colors {
            Colors::None => Style::new(),
            Colors::Sixteen => Style::new().fg(self.on(FEW, FEW_ON_LIGHT)[at % FEW.len()]),
            Colors::Many => Style::new().fg(Color::Indexed(
                self.on(HUES, HUES_ON_LIGHT)[at % HUES.len()],
            )),
        }
    }

    /// The row under the cursor in the pane that has the keys.
    #[must_use]
    pub fn cursor(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// Titles and what is picked.
    #[must_use]
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What is older than the model, or only helps.
    #[must_use]
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// What helps.
    #[must_use]
    pub fn good(self) -> Style {
        self.plain(Color::Green, HUES[2], HUES_ON_LIGHT[2])
    }

    /// What warns.
    #[must_use]
    pub fn bad(self) -> Style {
        self.plain(
            self.on(Color::LightRed, Color::Red),
            HUES[5],
            HUES_ON_LIGHT[5],
        )
    }

    fn plain(self, few: Color, dark: u8, light: u8) -> Style {
        match self.colors {
            Colors::None => Style::new(),
            Colors::Sixteen => Style::new().fg(few),
            Colors::Many => Style::new().fg(Color::Indexed(self.on(dark, light))),
        }
    }

    fn on<T>(self, dark: T, light: T) -> T {
        match self.ground {
            Ground::Dark => dark,
            Ground::Light => light,
        }
    }
}
