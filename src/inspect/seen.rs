//! Values that were read of what was looked at last.

use std::rc::Rc;

/// The values of the nodes, as far as they were read.
#[derive(Debug)]
pub(super) struct Seen {
    look: u64,
    values: Vec<Option<Rc<[f32]>>>,
}

impl Seen {
    /// Of so many nodes, none.
    pub fn none_of(nodes: usize) -> Self {
        Self {
            look: 0,
            values: vec![None; nodes],
        }
    }

    /// What is looked at now: a read must tell where it began.
    pub fn look(&self) -> u64 {
        self.look
    }

    /// Forgets everything, since something else is looked at.
    pub fn forget(&mut self) {
        self.look += 1;
        self.values.fill(None);
    }

    /// The values of a node, where they were read.
    pub fn get(&self, node: usize) -> Option<Rc<[f32]>> {
        self.values[node].clone()
    }

    /// Keeps values, unless something else is looked at since their read began.
    pub fn keep(&mut self, look: u64, node: usize, values: Rc<[f32]>) {
        if look == self.look {
            self.values[node] = Some(values);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_come_late_are_not_those_of_the_next_look() {
        let mut seen = Seen::none_of(2);
        let first = seen.look();
        seen.keep(first, 1, [1.0].into());
        assert_eq!(seen.get(1).as_deref(), Some(&[1.0][..]));
        seen.forget();
        assert_eq!(seen.get(1), None);
        seen.keep(first, 1, [1.0].into());
        assert_eq!(seen.get(1), None);
        seen.keep(seen.look(), 1, [2.0].into());
        assert_eq!(seen.get(1).as_deref(), Some(&[2.0][..]));
        assert_eq!(seen.get(0), None);
    }
}
