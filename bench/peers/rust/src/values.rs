//! Ids and moments, in the forms of the wire and of PostgreSQL.

use bytes::BytesMut;
use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio_postgres::types::{to_sql_checked, FromSql, IsNull, ToSql, Type};

#[derive(Clone, Copy, Debug)]
pub struct Id(pub [u8; 16]);

impl Id {
    pub fn read(text: &str) -> Option<Id> {
        let mut bytes = [0u8; 16];
        let mut count = 0;
        for byte in text.bytes().filter(|byte| *byte != b'-') {
            let digit = (byte as char).to_digit(16)? as u8;
            *bytes.get_mut(count / 2)? |= digit << if count % 2 == 0 { 4 } else { 0 };
            count += 1;
        }
        (count == 32).then_some(Id(bytes))
    }

    /// Of version 7.
    pub fn new() -> Id {
        thread_local!(static STATE: Cell<u64> = Cell::new(0));
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        let random = STATE.with(|state| {
            let mut next = state.get();
            if next == 0 {
                next = since.as_nanos() as u64 ^ state as *const _ as u64;
            }
            next ^= next << 13;
            next ^= next >> 7;
            next ^= next << 17;
            state.set(next);
            next
        });
        let value = (since.as_millis() << 80) | ((random as u128 & 0xfff) << 64) | (random as u128).rotate_left(20) & 0xffff_ffff_ffff_ffff;
        let mut bytes = value.to_be_bytes();
        bytes[6] = bytes[6] & 0x0f | 0x70;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Id(bytes)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let (mut text, mut place) = ([b'-'; 36], 0);
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                place += 1;
            }
            text[place] = DIGITS[(byte >> 4) as usize];
            text[place + 1] = DIGITS[(byte & 15) as usize];
            place += 2;
        }
        formatter.write_str(std::str::from_utf8(&text).expect("it is ASCII"))
    }
}

impl ToSql for Id {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }
    fn accepts(kind: &Type) -> bool {
        *kind == Type::UUID
    }
    to_sql_checked!();
}

impl<'a> FromSql<'a> for Id {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Id, Box<dyn Error + Sync + Send>> {
        Ok(Id(raw.try_into()?))
    }
    fn accepts(kind: &Type) -> bool {
        *kind == Type::UUID
    }
}

/// Microseconds since 2000-01-01, as PostgreSQL has them.
#[derive(Clone, Copy, Debug)]
pub struct Moment(i64);

const FROM_1970_TO_2000: i64 = 946_684_800;

impl Moment {
    pub fn now() -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        Moment(since.as_micros() as i64 - FROM_1970_TO_2000 * 1_000_000)
    }

    /// After every gig.
    pub fn far() -> Moment {
        Moment(i64::MAX / 4)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let (seconds, micros) = (self.0.div_euclid(1_000_000), self.0.rem_euclid(1_000_000));
        let (days, rest) = (seconds.div_euclid(86_400) + 10_957, seconds.rem_euclid(86_400));
        // Howard Hinnant's days_from_civil, the other way round.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        write!(formatter, "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60)?;
        if micros != 0 {
            write!(formatter, ".{micros:06}")?;
        }
        formatter.write_str("Z")
    }
}

impl ToSql for Moment {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(IsNull::No)
    }
    fn accepts(kind: &Type) -> bool {
        *kind == Type::TIMESTAMPTZ
    }
    to_sql_checked!();
}

impl<'a> FromSql<'a> for Moment {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Moment, Box<dyn Error + Sync + Send>> {
        Ok(Moment(i64::from_be_bytes(raw.try_into()?)))
    }
    fn accepts(kind: &Type) -> bool {
        *kind == Type::TIMESTAMPTZ
    }
}

/// A cursor: the moment in base 36, in microseconds since 1970, and the id.
pub fn place(text: &str) -> Option<(Moment, Id)> {
    let (moment, id) = text.split_once('-')?;
    let micros = i64::from_str_radix(moment, 36).ok()?;
    Some((Moment(micros - FROM_1970_TO_2000 * 1_000_000), Id::read(id)?))
}

pub fn push_place(moment: Moment, id: Id, text: &mut String) {
    let mut rest = moment.0 + FROM_1970_TO_2000 * 1_000_000;
    let mut digits = Vec::with_capacity(12);
    while rest > 0 {
        digits.push(char::from_digit((rest % 36) as u32, 36).expect("it is below 36"));
        rest /= 36;
    }
    text.push('"');
    text.extend(digits.iter().rev());
    text.push('-');
    text.extend(id.to_string().chars().filter(|letter| *letter != '-'));
    text.push('"');
}
