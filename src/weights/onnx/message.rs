//! Protobuf's wire format in memory: messages from bytes, numbers to bytes.
//! prost would take 6 KB of the page's module.

/// What is wrong with the bytes.
pub type Damage = &'static str;

/// A field of a message.
pub struct Field<'a> {
    /// Its number in the message's definition.
    pub number: u64,
    value: Value<'a>,
}

enum Value<'a> {
    Number(u64),
    Fixed32([u8; 4]),
    Fixed64,
    Bytes(&'a [u8]),
}

/// A message that is made field by field; fields that it does not know pass.
pub trait Message: Default {
    /// Takes a field.
    fn set(&mut self, field: &Field) -> Result<(), Damage>;

    /// The message of these bytes.
    fn decode(mut bytes: &[u8]) -> Result<Self, Damage> {
        let mut message = Self::default();
        while !bytes.is_empty() {
            message.set(&Field::take(&mut bytes)?)?;
        }
        Ok(message)
    }
}

impl<'a> Field<'a> {
    fn take(bytes: &mut &'a [u8]) -> Result<Self, Damage> {
        let tag = take_number(bytes)?;
        let value = match tag & 7 {
            0 => Value::Number(take_number(bytes)?),
            1 => {
                take(bytes, 8)?;
                Value::Fixed64
            }
            2 => {
                let length = take_number(bytes)?;
                Value::Bytes(take(bytes, length)?)
            }
            5 => Value::Fixed32(take(bytes, 4)?.try_into().expect("four bytes")),
            _ => return Err("a group"),
        };
        let number = tag >> 3;
        Ok(Self { number, value })
    }

    /// Its bytes.
    pub fn bytes(&self) -> Result<&'a [u8], Damage> {
        match self.value {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err("a number where bytes should be"),
        }
    }

    /// Its text.
    pub fn text(&self) -> Result<String, Damage> {
        let text = str::from_utf8(self.bytes()?);
        text.map(str::to_owned)
            .map_err(|_| "a text that is not UTF-8")
    }

    /// The message in it.
    pub fn message<M: Message>(&self) -> Result<M, Damage> {
        M::decode(self.bytes()?)
    }

    /// Its whole number.
    pub fn integer(&self) -> Result<i64, Damage> {
        match self.value {
            Value::Number(number) => Ok(number as i64),
            _ => Err("something else where a whole number should be"),
        }
    }

    /// Its floating point number.
    pub fn float(&self) -> Result<f32, Damage> {
        match self.value {
            Value::Fixed32(bytes) => Ok(f32::from_le_bytes(bytes)),
            _ => Err("something else where a floating point number should be"),
        }
    }

    /// Appends its whole numbers, packed or one.
    pub fn integers(&self, list: &mut Vec<i64>) -> Result<(), Damage> {
        let Value::Bytes(mut bytes) = self.value else {
            list.push(self.integer()?);
            return Ok(());
        };
        while !bytes.is_empty() {
            list.push(take_number(&mut bytes)? as i64);
        }
        Ok(())
    }

    /// Appends its floating point numbers, packed or one.
    pub fn floats(&self, list: &mut Vec<f32>) -> Result<(), Damage> {
        let Value::Bytes(bytes) = self.value else {
            list.push(self.float()?);
            return Ok(());
        };
        let (numbers, rest) = bytes.as_chunks();
        list.extend(numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)));
        match rest.is_empty() {
            true => Ok(()),
            false => Err("a part of a floating point number"),
        }
    }
}

/// Appends a number, seven bits a byte, the lowest first.
pub fn put_number(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> Result<u64, Damage> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err("a number of more than 64 bits")
}

fn take<'a>(bytes: &mut &'a [u8], length: u64) -> Result<&'a [u8], Damage> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let (taken, rest) = bytes
        .split_at_checked(length)
        .ok_or("a field longer than itself")?;
    *bytes = rest;
    Ok(taken)
}
