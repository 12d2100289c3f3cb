//! The built-in unit words with their sizes.

const YEAR: f64 = 365.25 * 86_400.0;
const WEEK: f64 = 604_800.0;
const HOUR: f64 = 3_600.0;

/// Word, base symbol (empty: plain number), size in base units.
pub(super) const NAMED: &[(&str, &str, f64)] = &[
    ("%", "", 0.01),
    ("percent", "", 0.01),
    ("ratio", "", 1.0),
    ("ns", "s", 1e-9),
    ("us", "s", 1e-6),
    ("µs", "s", 1e-6),
    ("ms", "s", 1e-3),
    ("s", "s", 1.0),
    ("sec", "s", 1.0),
    ("second", "s", 1.0),
    ("seconds", "s", 1.0),
    ("秒", "s", 1.0),
    ("min", "s", 60.0),
    ("minute", "s", 60.0),
    ("minutes", "s", 60.0),
    ("h", "s", HOUR),
    ("hour", "s", HOUR),
    ("hours", "s", HOUR),
    ("小时", "s", HOUR),
    ("day", "s", 86_400.0),
    ("days", "s", 86_400.0),
    ("d", "s", 86_400.0),
    ("天", "s", 86_400.0),
    ("week", "s", WEEK),
    ("weeks", "s", WEEK),
    ("周", "s", WEEK),
    ("month", "s", YEAR / 12.0),
    ("months", "s", YEAR / 12.0),
    ("月", "s", YEAR / 12.0),
    ("year", "s", YEAR),
    ("years", "s", YEAR),
    ("年", "s", YEAR),
    ("bit", "B", 0.125),
    ("B", "B", 1.0),
    ("byte", "B", 1.0),
    ("bytes", "B", 1.0),
    ("bits", "B", 0.125),
    ("kB", "B", 1e3),
    ("KB", "B", 1e3),
    ("MB", "B", 1e6),
    ("GB", "B", 1e9),
    ("TB", "B", 1e12),
    ("KiB", "B", 1024.0),
    ("MiB", "B", 1_048_576.0),
    ("GiB", "B", 1_073_741_824.0),
    ("TiB", "B", 1_099_511_627_776.0),
];

/// SI prefixes; those of bytes and times have their own names.
pub(super) const PREFIXES: &[(&str, f64)] = &[
    ("n", 1e-9),
    ("u", 1e-6),
    ("µ", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
];

/// Labour: word and size in person-seconds. A week of full-time work has five days of eight hours.
pub(super) const LABOUR: &[(&str, f64)] = &[
    ("person-h", WEEK / 40.0),
    ("person-hour", WEEK / 40.0),
    ("person-hours", WEEK / 40.0),
    ("人时", WEEK / 40.0),
    ("person-day", WEEK / 5.0),
    ("person-days", WEEK / 5.0),
    ("人日", WEEK / 5.0),
    ("人天", WEEK / 5.0),
    ("person-week", WEEK),
    ("person-weeks", WEEK),
    ("人周", WEEK),
    ("person-month", YEAR / 12.0),
    ("person-months", YEAR / 12.0),
    ("人月", YEAR / 12.0),
    ("person-year", YEAR),
    ("person-years", YEAR),
    ("人年", YEAR),
];

/// Request rates and their size in requests per second.
pub(super) const RATES: &[(&str, f64)] = &[("rps", 1.0), ("QPS", 1.0), ("qps", 1.0), ("krps", 1e3)];

/// Spellings of counted nouns, each a dimension of its own.
pub(super) const NOUNS: &[(&str, &str)] = &[
    ("req", "req"),
    ("reqs", "req"),
    ("request", "req"),
    ("requests", "req"),
    ("op", "op"),
    ("ops", "op"),
    ("row", "row"),
    ("rows", "row"),
    ("core", "core"),
    ("cores", "core"),
    ("node", "node"),
    ("nodes", "node"),
    ("person", "person"),
    ("people", "person"),
    ("persons", "person"),
    ("人", "person"),
    ("incident", "incident"),
    ("incidents", "incident"),
    ("line", "line"),
    ("lines", "line"),
    ("connection", "connection"),
    ("connections", "connection"),
];

/// ISO 4217 codes. A decision uses a single currency.
pub(super) const CURRENCIES: &[&str] = &[
    "EUR", "USD", "CNY", "GBP", "JPY", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "CAD",
    "AUD", "NZD", "INR", "KRW", "SGD", "HKD", "TWD", "BRL", "MXN", "ZAR", "ILS", "TRY", "AED",
];
