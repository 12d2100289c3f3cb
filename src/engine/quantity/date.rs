//! Calendar days. In columns a day is the number of seconds since 1970-01-01, so the difference of two days is a time.

use jiff::civil;

/// Seconds per day.
const DAY: f64 = 86_400.0;

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// 1970-01-01, the origin of columns of days.
    pub const EPOCH: Self = Self(civil::date(1970, 1, 1));

    /// Parses `2026-11-22`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        plain.then(|| text.parse().ok().map(Self)).flatten()
    }

    /// Returns the seconds since 1970-01-01.
    #[must_use]
    pub fn seconds(self) -> f64 {
        let days = self
            .0
            .since(civil::date(1970, 1, 1))
            .map_or(0, |span| span.get_days());
        f64::from(days) * DAY
    }

    /// Returns the day of a number of seconds since 1970-01-01; `None` outside the calendar.
    #[must_use]
    pub fn of_seconds(seconds: f64) -> Option<Self> {
        let days = (seconds / DAY).round();
        if days.abs() > 4e6 {
            return None;
        }
        let span = jiff::Span::new().try_days(days as i64).ok()?;
        civil::date(1970, 1, 1).checked_add(span).ok().map(Self)
    }

    /// Returns year, month and day.
    #[must_use]
    pub fn parts(self) -> (i16, i8, i8) {
        (self.0.year(), self.0.month(), self.0.day())
    }
}

impl From<civil::Date> for Date {
    fn from(day: civil::Date) -> Self {
        Self(day)
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_seconds_agree() {
        let day = Date::parse("2026-11-22").expect("a day");
        assert_eq!(Date::of_seconds(day.seconds()), Some(day));
        assert_eq!(Date::parse("2026-02-30"), None);
        assert_eq!(Date::parse("1970-01-02").map(Date::seconds), Some(DAY));
    }
}
