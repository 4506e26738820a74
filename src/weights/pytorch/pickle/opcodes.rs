//! The machine that a pickle is a program for: a stack, marks on it, and a memo.
//! Of its protocols, 2 to 4 can occur here.

use std::collections::HashMap;
use std::fmt::Display;

use super::class::{Class, instance};
use super::{Handle, Object, Pickle};
use crate::error::{Error, Result};
use crate::weights::reader::{MAX_DESCRIPTION, Reader};

/// Reads the pickle at `reader` up to its end.
///
/// # Errors
/// [`Error::Malformed`], [`Error::Truncated`], or [`Error::Unsupported`] for a
/// class that is not allowed.
pub fn load(reader: &mut Reader) -> Result<Pickle> {
    let start = reader.position();
    let mut machine = Machine {
        reader,
        objects: Vec::new(),
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
        copied: 0,
        skipped: 0,
    };
    loop {
        if let Some(root) = machine.step()? {
            return Ok(Pickle {
                objects: machine.objects,
                root,
            });
        }
        if machine.reader.position() - start - machine.skipped > MAX_DESCRIPTION {
            return Err(
                machine.malformed(format_args!("it takes more than {MAX_DESCRIPTION} bytes"))
            );
        }
    }
}

struct Machine<'a, 's> {
    reader: &'a mut Reader<'s>,
    objects: Vec<Object>,
    stack: Vec<Handle>,
    marks: Vec<usize>,
    memo: HashMap<u32, Handle>,
    /// Items that calls have copied: bounded, since one byte may copy many.
    copied: u64,
    /// Bytes that were passed over: they are not held.
    skipped: u64,
}

impl Machine<'_, '_> {
    /// Executes one opcode; gives the root when it was the last.
    fn step(&mut self) -> Result<Option<Handle>> {
        let opcode = self.reader.byte()?;
        match opcode {
            0x80 => self.protocol()?,
            // A frame announces its length, which nothing here needs.
            0x95 => self.reader.skip(8)?,
            b'.' => return self.pop().map(Some),

            b'N' => self.push(Object::None),
            0x88 => self.push(Object::Boolean(true)),
            0x89 => self.push(Object::Boolean(false)),
            b'K' => self.integer::<1>()?,
            b'M' => self.integer::<2>()?,
            b'J' => {
                let value = i32::from_le_bytes(self.reader.array()?);
                self.push(Object::Integer(value.into()));
            }
            0x8a => {
                let length = self.reader.byte()?;
                self.long(length.into())?;
            }
            0x8b => {
                let length = u32::from_le_bytes(self.reader.array()?);
                self.long(length.into())?;
            }
            b'G' => {
                self.reader.skip(8)?;
                self.push(Object::Other);
            }
            b'X' | b'T' => {
                let length = u32::from_le_bytes(self.reader.array()?);
                self.text(length.into())?;
            }
            0x8c | b'U' => {
                let length = self.reader.byte()?;
                self.text(length.into())?;
            }
            0x8d => {
                let length = u64::from_le_bytes(self.reader.array()?);
                self.text(length)?;
            }
            b'C' => {
                let length = self.reader.byte()?;
                self.bytes(length.into())?;
            }
            b'B' => {
                let length = u32::from_le_bytes(self.reader.array()?);
                self.bytes(length.into())?;
            }
            0x8e | 0x96 => {
                let length = u64::from_le_bytes(self.reader.array()?);
                self.bytes(length)?;
            }

            b'0' => {
                self.pop()?;
            }
            b'1' => {
                self.pop_to_mark()?;
            }
            b'2' => {
                let top = self.top()?;
                self.stack.push(top);
            }
            b'(' => self.marks.push(self.stack.len()),
            b')' => self.push(Object::Tuple(Vec::new())),
            b't' => {
                let items = self.pop_to_mark()?;
                self.push(Object::Tuple(items));
            }
            0x85..=0x87 => {
                let items = self.pop_many(usize::from(opcode - 0x84))?;
                self.push(Object::Tuple(items));
            }
            b']' | 0x8f => self.push(Object::List(Vec::new())),
            0x91 => {
                let items = self.pop_to_mark()?;
                self.push(Object::List(items));
            }
            b'a' => {
                let items = self.pop_many(1)?;
                self.extend_list(items)?;
            }
            b'e' | 0x90 => {
                let items = self.pop_to_mark()?;
                self.extend_list(items)?;
            }
            b'}' => self.push(Object::Dictionary(Vec::new())),
            b's' => {
                let items = self.pop_many(2)?;
                self.extend_dictionary(&items)?;
            }
            b'u' => {
                let items = self.pop_to_mark()?;
                self.extend_dictionary(&items)?;
            }

            b'q' => {
                let index = self.reader.byte()?;
                self.remember(index.into())?;
            }
            b'r' => {
                let index = u32::from_le_bytes(self.reader.array()?);
                self.remember(index)?;
            }
            0x94 => self.remember(self.memo.len() as u32)?,
            b'h' => {
                let index = self.reader.byte()?;
                self.recall(index.into())?;
            }
            b'j' => {
                let index = u32::from_le_bytes(self.reader.array()?);
                self.recall(index)?;
            }

            b'c' => self.global()?,
            0x93 => self.stack_global()?,
            b'Q' => self.persistent()?,
            b'R' | 0x81 => self.call()?,
            // With arguments that have names, which mean nothing here.
            0x92 => {
                self.pop()?;
                self.call()?;
            }
            b'b' => {
                let state = self.pop()?;
                let target = self.top()?;
                // A dictionary's own attributes (the versions of modules) mean nothing.
                if let Object::Instance(instance) = &mut self.objects[target] {
                    instance.state = Some(state);
                }
            }
            other => return Err(self.malformed(format_args!("it has an opcode {other:#04x}"))),
        }
        Ok(None)
    }

    fn protocol(&mut self) -> Result<()> {
        match self.reader.byte()? {
            2..=5 => Ok(()),
            other => Err(self.malformed(format_args!("its protocol is {other}, not 2 to 5"))),
        }
    }

    fn integer<const N: usize>(&mut self) -> Result<()> {
        let mut bytes = [0; 8];
        self.reader.fill(&mut bytes[..N])?;
        self.push(Object::Integer(i64::from_le_bytes(bytes)));
        Ok(())
    }

    /// A signed integer of any length; those that do not fit mean nothing here.
    fn long(&mut self, length: u64) -> Result<()> {
        if length > 8 {
            self.reader.skip(length)?;
            self.push(Object::Other);
            return Ok(());
        }
        let length = length as usize;
        let mut bytes = [0; 8];
        self.reader.fill(&mut bytes[..length])?;
        if length > 0 && bytes[length - 1] & 0x80 != 0 {
            bytes[length..].fill(0xff);
        }
        self.push(Object::Integer(i64::from_le_bytes(bytes)));
        Ok(())
    }

    /// A text; a long one, and one that is no UTF-8, are bytes.
    fn text(&mut self, length: u64) -> Result<()> {
        const LONGEST: u64 = 1 << 16;
        let start = self.reader.position();
        if length > LONGEST {
            return self.bytes(length);
        }
        let bytes = self.reader.description(length, "text")?;
        match String::from_utf8(bytes) {
            Ok(text) => self.push(Object::Text(text)),
            Err(_) => self.push(Object::Bytes(start, length)),
        }
        Ok(())
    }

    fn bytes(&mut self, length: u64) -> Result<()> {
        self.push(Object::Bytes(self.reader.position(), length));
        self.reader.skip(length)?;
        self.skipped += length;
        Ok(())
    }

    fn global(&mut self) -> Result<()> {
        let module = self.line()?;
        let name = self.line()?;
        self.class(&module, &name)
    }

    fn stack_global(&mut self) -> Result<()> {
        let names = self.pop_many(2)?;
        match (&self.objects[names[0]], &self.objects[names[1]]) {
            (Object::Text(module), Object::Text(name)) => {
                let (module, name) = (module.clone(), name.clone());
                self.class(&module, &name)
            }
            _ => Err(self.malformed("a class without a name")),
        }
    }

    fn class(&mut self, module: &str, name: &str) -> Result<()> {
        let class = Class::named(module, name).ok_or_else(|| {
            let object = format_args!(
                "the Python object {module}.{name} (save a state_dict of tensors instead)"
            );
            Error::unsupported(self.reader.format(), &object)
        })?;
        self.push(Object::Class(class));
        Ok(())
    }

    fn line(&mut self) -> Result<String> {
        let mut line = Vec::new();
        loop {
            match self.reader.byte()? {
                b'\n' => break,
                byte => line.push(byte),
            }
            if line.len() > 256 {
                return Err(self.malformed("the name of a class is too long"));
            }
        }
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    fn persistent(&mut self) -> Result<()> {
        let identity = self.pop()?;
        match Class::persistent(&self.objects, &self.objects[identity]) {
            Some(storage) => self.push(storage),
            None => return Err(self.malformed("a reference to something that is no storage")),
        }
        Ok(())
    }

    fn call(&mut self) -> Result<()> {
        let items = self.pop_many(2)?;
        let [callee, given] = [items[0], items[1]];
        let Object::Tuple(arguments) = &self.objects[given] else {
            return Err(self.malformed("a call without a tuple of arguments"));
        };
        let unknown = Class::Other(String::new());
        let class = match &self.objects[callee] {
            Object::Class(class) => class,
            // What an object makes of being called is not known.
            Object::Instance(_) => &unknown,
            _ => return Err(self.malformed("a call of something that is no class")),
        };
        let result = match class {
            Class::Other(_) | Class::ElementType(_) | Class::Storage(_) => {
                Some(instance(callee, given))
            }
            class => class.call(&self.objects, arguments),
        };
        let Some(result) = result else {
            return Err(self.malformed(format_args!("arguments of {class:?} that do not fit it")));
        };
        if let Object::Dictionary(items) = &result {
            self.copied += items.len() as u64;
            if self.copied > MAX_DESCRIPTION {
                return Err(self.malformed("it copies its items without end"));
            }
        }
        self.push(result);
        Ok(())
    }

    fn push(&mut self, object: Object) {
        self.stack.push(self.objects.len());
        self.objects.push(object);
    }

    fn pop(&mut self) -> Result<Handle> {
        Ok(self.pop_many(1)?[0])
    }

    /// Takes the topmost `count` values, none of them below the last mark.
    fn pop_many(&mut self, count: usize) -> Result<Vec<Handle>> {
        let floor = self.marks.last().copied().unwrap_or(0);
        match self.stack.len().checked_sub(count) {
            Some(start) if start >= floor => Ok(self.stack.split_off(start)),
            _ => Err(self.malformed("its stack is empty where a value is needed")),
        }
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Handle>> {
        match self.marks.pop() {
            Some(mark) => Ok(self.stack.split_off(mark)),
            None => Err(self.malformed("a mark is missing")),
        }
    }

    fn top(&self) -> Result<Handle> {
        let top = self.stack.last().copied();
        top.ok_or_else(|| self.malformed("its stack is empty where a value is needed"))
    }

    fn extend_list(&mut self, items: Vec<Handle>) -> Result<()> {
        let target = self.top()?;
        match &mut self.objects[target] {
            Object::List(list) => list.extend(items),
            Object::Instance(instance) => instance.list.extend(items),
            _ => return Err(self.malformed("items are appended to something that is no list")),
        }
        Ok(())
    }

    fn extend_dictionary(&mut self, items: &[Handle]) -> Result<()> {
        let target = self.top()?;
        let pairs = items.chunks_exact(2);
        match &mut self.objects[target] {
            Object::Dictionary(dictionary) if pairs.remainder().is_empty() => {
                dictionary.extend(pairs.map(|pair| (pair[0], pair[1])));
            }
            Object::Instance(instance) if pairs.remainder().is_empty() => {
                instance.items.extend(pairs.map(|pair| (pair[0], pair[1])));
            }
            _ => return Err(self.malformed("items are set in something that is no dictionary")),
        }
        Ok(())
    }

    fn remember(&mut self, index: u32) -> Result<()> {
        let top = self.top()?;
        self.memo.insert(index, top);
        Ok(())
    }

    fn recall(&mut self, index: u32) -> Result<()> {
        match self.memo.get(&index) {
            Some(handle) => self.stack.push(*handle),
            None => {
                return Err(self.malformed(format_args!("it refers to {index}, never remembered")));
            }
        }
        Ok(())
    }

    fn malformed(&self, reason: impl Display) -> Box<Error> {
        self.reader.malformed(format_args!("its pickle: {reason}"))
    }
}
