//! Named widths of a weight space, as an alternative to a number.

use super::WeightSpace;

/// How far drawn weights lie from the declared ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// Close: a relative standard deviation of 0.2 for an average share, a fifth more or less.
    #[default]
    Near,
    /// Further away: 0.6.
    Wide,
    /// Any weights of the criteria that have weight.
    Any,
}

impl Width {
    /// The next wider width; the closest follows the widest.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Near => Self::Wide,
            Self::Wide => Self::Any,
            Self::Any => Self::Near,
        }
    }
}

impl WeightSpace {
    /// The weights of a width around these shares. With so few criteria that a width would push weights into the corners, the
    /// closest becomes the declared weights and the others become any weights.
    #[must_use]
    pub fn of_width(shares: &[f64], width: Width) -> Self {
        match width {
            Width::Near => Self::near(shares, 0.2).unwrap_or_else(|_| Self::declared(shares)),
            Width::Wide => Self::near(shares, 0.6).unwrap_or_else(|_| Self::uniform(shares)),
            Width::Any => Self::uniform(shares),
        }
    }
}
