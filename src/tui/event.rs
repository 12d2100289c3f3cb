//! Events of the terminal, made safe: key releases are dropped and mouse coordinates checked.

use crossterm::event::{Event as Raw, KeyEvent, KeyEventKind, MouseButton, MouseEventKind};

/// What the user did.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Pressed a key, or is holding it.
    Key(KeyEvent),
    /// Pressed or dragged the mouse at this column and row.
    Press(u16, u16),
    /// Turned the wheel at this column and row; down is positive.
    Wheel(u16, u16, i8),
    /// Released the mouse.
    Release,
    /// Pasted this text.
    Paste(String),
    /// Resized the terminal to this width and height.
    Resize(u16, u16),
}

/// Converts an event of crossterm; `None` if it means nothing here. `size` bounds the mouse position, because crossterm 0.29
/// reports column 65535 for a column of 0.
#[must_use]
pub fn event(raw: Raw, size: (u16, u16)) -> Option<Event> {
    match raw {
        Raw::Key(key) if key.kind != KeyEventKind::Release => Some(Event::Key(key)),
        Raw::Mouse(mouse) => {
            let (x, y) = (mouse.column, mouse.row);
            if x >= size.0 || y >= size.1 {
                return None;
            }
            match mouse.kind {
                MouseEventKind::Down(MouseButton::Left)
                | MouseEventKind::Drag(MouseButton::Left) => Some(Event::Press(x, y)),
                MouseEventKind::Up(MouseButton::Left) => Some(Event::Release),
                MouseEventKind::ScrollDown => Some(Event::Wheel(x, y, 1)),
                MouseEventKind::ScrollUp => Some(Event::Wheel(x, y, -1)),
                _ => None,
            }
        }
        Raw::Paste(text) => Some(Event::Paste(text)),
        Raw::Resize(width, height) => Some(Event::Resize(width, height)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyModifiers, MouseEvent};

    /// ratatui #347: input gets duplicated where a terminal reports releases.
    #[test]
    fn one_key_press_acts_once() {
        let key = |kind| {
            Raw::Key(KeyEvent::new_with_kind(
                KeyCode::Char('j'),
                KeyModifiers::NONE,
                kind,
            ))
        };
        assert!(event(key(KeyEventKind::Press), (80, 24)).is_some());
        assert!(event(key(KeyEventKind::Repeat), (80, 24)).is_some());
        assert_eq!(event(key(KeyEventKind::Release), (80, 24)), None);
    }

    /// crossterm 0.29: `ESC[<0;0;0M` underflows to column 65535.
    #[test]
    fn mouse_outside_is_dropped() {
        let kind = MouseEventKind::Down(MouseButton::Left);
        let press = |column, row| {
            Raw::Mouse(MouseEvent {
                kind,
                column,
                row,
                modifiers: KeyModifiers::NONE,
            })
        };
        assert_eq!(event(press(u16::MAX, u16::MAX), (80, 24)), None);
        assert_eq!(event(press(79, 23), (80, 24)), Some(Event::Press(79, 23)));
    }
}
