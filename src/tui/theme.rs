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

/// Okabe & Ito 2008, nearest indexed colours, without the yellow that no light ground shows and the black that no dark one does.
const HUES: [u8; 6] = [32, 208, 36, 175, 74, 166];
const FEW: [Color; 6] = [Color::Blue, Color::Yellow, Color::Green, Color::Magenta, Color::Cyan, Color::Red];

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
            Colors::Sixteen => Style::new().fg(FEW[at % FEW.len()]),
            Colors::Many => Style::new().fg(Color::Indexed(HUES[at % HUES.len()])),
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
        self.plain(Color::Green)
    }

    /// What warns.
    #[must_use]
    pub fn bad(self) -> Style {
        self.plain(Color::Red)
    }

    fn plain(self, color: Color) -> Style {
        if self.colors == Colors::None { Style::new() } else { Style::new().fg(color) }
    }
}
