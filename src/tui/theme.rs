//! Colours and styles: Okabe-Ito hues in terminals with 256 colours, else the 16 foregrounds; nothing is shown by colour alone.

use ratatui::style::{Color, Modifier, Style};

/// What the terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Draw lines and marks with ASCII only.
    pub ascii: bool,
    /// Draw points as single characters instead of braille.
    pub dots: bool,
    pub colors: Colors,
    pub ground: Ground,
}

/// The background of the terminal, which decides between the dark and the light theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// Dark, or unknown: these hues are legible on both.
    #[default]
    Dark,
    Light,
}

/// The colours of the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colors {
    /// Bold and reverse only.
    #[default]
    None,
    /// The 16 colours of every terminal.
    Sixteen,
    /// The 256 indexed colours.
    Many,
}

/// Blue, orange, bluish green, reddish purple, sky blue and vermillion (Okabe & Ito 2008) as the nearest indexed colours with a
/// contrast of 4.5 on black (WCAG 2.2, 1.4.3), and of 3.3 on white for terminals whose background is unknown.
const HUES: [u8; 6] = [32, 136, 29, 169, 67, 166];
/// The same hues with a contrast of 4.5 on white.
const HUES_ON_LIGHT: [u8; 6] = [25, 130, 29, 126, 23, 124];
/// Of the 16 colours, those that are rarely too dark on a dark background.
const FEW: [Color; 6] = [
    Color::LightBlue,
    Color::Yellow,
    Color::Green,
    Color::LightMagenta,
    Color::Cyan,
    Color::LightRed,
];
/// Of the 16 colours, those that are rarely too light on a light background.
const FEW_ON_LIGHT: [Color; 6] = [
    Color::Blue,
    Color::Red,
    Color::Green,
    Color::Magenta,
    Color::DarkGray,
    Color::Cyan,
];

impl Look {
    /// A segment of a stacked bar: reversed, so that it fills its cells. Without colour, every other segment is bold instead.
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

    /// The row under the cursor in the focused pane.
    #[must_use]
    pub fn cursor(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// Titles and what is selected.
    #[must_use]
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Outdated results and hints.
    #[must_use]
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// Advantages and improvements.
    #[must_use]
    pub fn good(self) -> Style {
        self.signal(Color::Green, HUES[2], HUES_ON_LIGHT[2])
    }

    /// Disadvantages and problems.
    #[must_use]
    pub fn bad(self) -> Style {
        self.signal(
            self.on(Color::LightRed, Color::Red),
            HUES[5],
            HUES_ON_LIGHT[5],
        )
    }

    fn signal(self, few: Color, dark: u8, light: u8) -> Style {
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
