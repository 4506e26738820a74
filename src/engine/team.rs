//! An executable that the processor computes together with helpers: each computes a
//! share of the outputs of every large convolution and linear layer.

use std::rc::Rc;

use super::helper::{Helper, Part, Request, Task};
use super::shares::{Share, Shared};
use crate::error::Result;
use crate::kernels::{Dispatch, Slice};

/// How the dispatches of an executable are shared out.
#[derive(Debug)]
pub(super) struct Team {
    /// The name of the executable with the helpers.
    id: u32,
    helpers: Vec<Rc<dyn Helper>>,
    /// For each dispatch of the whole, how it is shared out, if it is.
    rounds: Vec<Option<Round>>,
    /// The processor's own shares.
    own: cpu::Executable,
    /// What of the whole's buffers the helpers hold as well.
    copies: Vec<Copy>,
}

/// A dispatch that is shared out.
#[derive(Debug)]
struct Round {
    /// The whole input and output.
    x: cpu::Slice,
    y: cpu::Slice,
    /// Channels of a pixel of either.
    channels: [usize; 2],
    /// The pieces of each worker, the processor first.
    workers: Vec<Vec<Piece>>,
}

/// A share, and where its tensors stand with the worker.
#[derive(Debug)]
struct Piece {
    share: Share,
    step: usize,
    x: Part,
    y: Part,
}

/// A part of the whole's memory that a helper holds too.
#[derive(Debug)]
struct Copy {
    helper: usize,
    from: Part,
    to: Part,
}

/// What a worker needs for its shares: buffers and dispatches.
#[derive(Debug, Default)]
struct Desk {
    buffers: Vec<(String, u64)>,
    tasks: Vec<Task>,
}

impl Desk {
    fn buffer(&mut self, label: &str, bytes: usize) -> Part {
        // Whole vectors, as everywhere.
        let bytes = bytes.next_multiple_of(16);
        self.buffers.push((label.to_owned(), bytes as u64));
        Part(self.buffers.len() - 1, 0, bytes)
    }
}

impl Team {
    /// Shares the dispatches out; `None` where none is worth it or nobody helps.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`](crate::error::Error::OutOfMemory) of the processor or a helper.
    pub async fn new(
        id: u32,
        helpers: &[Rc<dyn Helper>],
        whole: &cpu::Executable,
        buffers: &[(String, u64)],
        dispatches: &[Dispatch],
    ) -> Result<Option<Self>> {
        let shared: Vec<_> = dispatches.iter().map(Shared::of).collect();
        if helpers.is_empty() || shared.iter().all(Option::is_none) {
            return Ok(None);
        }
        let mut desks: Vec<Desk> = (0..=helpers.len()).map(|_| Desk::default()).collect();
        desks[0].buffers = buffers.to_vec();
        let mut copies = Vec::new();
        let rounds = shared.iter().map(|shared| {
            let shared = shared.as_ref()?;
            let shares = shared.shares(desks.len());
            let workers = shares.into_iter().zip(&mut desks).enumerate();
            Some(Round {
                x: bound(&shared.x),
                y: bound(&shared.y),
                channels: [shared.input[1], shared.output[1]],
                workers: workers
                    .map(|(worker, (shares, desk))| {
                        let pieces = shares.into_iter();
                        pieces
                            .map(|share| piece(shared, share, worker, desk, &mut copies))
                            .collect()
                    })
                    .collect(),
            })
        });
        let rounds = rounds.collect();
        let mut desks = desks.into_iter();
        let own = desks.next().expect("the processor's");
        let tasks: Vec<_> = own.tasks.iter().map(Task::dispatch).collect();
        let own = cpu::Executable::new(Some(whole), &own.buffers, &tasks);
        let own = own.map_err(|what| crate::error::Error::OutOfMemory { what })?;
        for (helper, desk) in helpers.iter().zip(desks) {
            let request = Request::Prepare {
                executable: id,
                buffers: desk.buffers,
                dispatches: desk.tasks,
            };
            helper.ask(&request, Vec::new()).await?;
        }
        Ok(Some(Self {
            id,
            helpers: helpers.to_vec(),
            rounds,
            own,
            copies,
        }))
    }

    /// Tells the helpers what was written into the whole's buffer.
    ///
    /// # Errors
    /// What a helper answers.
    pub async fn wrote(&self, buffer: usize, offset: usize, bytes: &[u8]) -> Result<()> {
        let mut answers = Vec::new();
        for copy in self.copies.iter().filter(|copy| copy.from.0 == buffer) {
            let Part(_, first, length) = copy.from;
            let start = first.max(offset);
            let end = (first + length).min(offset + bytes.len());
            if start >= end {
                continue;
            }
            let to = Part(copy.to.0, copy.to.1 + start - first, end - start);
            let request = Request::Write {
                executable: self.id,
                to,
            };
            let own = bytes[start - offset..end - offset].to_vec();
            answers.push(self.helpers[copy.helper].ask(&request, own));
        }
        for answer in answers {
            answer.await?;
        }
        Ok(())
    }

    /// Runs all dispatches of the whole, the large ones together.
    ///
    /// # Errors
    /// What a helper answers.
    pub async fn run(&self, processor: &cpu::Processor, whole: &cpu::Executable) -> Result<()> {
        for (step, round) in self.rounds.iter().enumerate() {
            match round {
                Some(round) => self.play(round, processor, whole).await?,
                None => whole.run(processor, step..step + 1),
            }
        }
        Ok(())
    }

    async fn play(
        &self,
        round: &Round,
        processor: &cpu::Processor,
        whole: &cpu::Executable,
    ) -> Result<()> {
        let x: Vec<f32> = whole.read(round.x);
        let [in_channels, out_channels] = round.channels;
        let inputs = |piece: &Piece| match piece.share.inputs.len() == in_channels {
            true => x.clone(),
            false => {
                let pixels = x.chunks_exact(in_channels);
                let own = pixels.map(|pixel| &pixel[piece.share.inputs.clone()]);
                own.flatten().copied().collect()
            }
        };
        let mut answers = Vec::new();
        for (helper, pieces) in self.helpers.iter().zip(&round.workers[1..]) {
            let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
                answers.push(None);
                continue;
            };
            let bytes: Vec<u8> = pieces
                .iter()
                .flat_map(|piece| padded(&inputs(piece), piece.x))
                .collect();
            let request = Request::Run {
                executable: self.id,
                writes: pieces.iter().map(|piece| piece.x).collect(),
                steps: first.step..last.step + 1,
                reads: pieces.iter().map(|piece| piece.y).collect(),
            };
            answers.push(Some(helper.ask(&request, bytes)));
        }
        let mut y = vec![0.0_f32; round.y.bytes / 4];
        for piece in &round.workers[0] {
            if piece.share.inputs.len() != in_channels {
                self.own
                    .write(piece.x.0, 0, &padded(&inputs(piece), piece.x));
            }
            self.own.run(processor, piece.step..piece.step + 1);
            let own: Vec<f32> = self.own.read(piece.y.slice());
            scatter(&own, &mut y, out_channels, piece);
        }
        for (answer, pieces) in answers.into_iter().zip(&round.workers[1..]) {
            let Some(answer) = answer else { continue };
            let bytes = answer.await?;
            let mut rest = &bytes[..];
            for piece in pieces {
                let (own, behind) = rest.split_at(piece.y.2);
                rest = behind;
                let own: Vec<f32> = bytemuck::pod_collect_to_vec(own);
                scatter(&own, &mut y, out_channels, piece);
            }
        }
        whole.write(round.y.buffer, round.y.offset, bytemuck::cast_slice(&y));
        Ok(())
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        let executable = self.id;
        for helper in &self.helpers {
            // Nobody waits for the memory that it gives back.
            drop(helper.ask(&Request::Release { executable }, Vec::new()));
        }
    }
}

/// Puts a share at a worker's desk; the processor's reads the weights where they are.
fn piece(
    shared: &Shared<'_>,
    share: Share,
    worker: usize,
    desk: &mut Desk,
    copies: &mut Vec<Copy>,
) -> Piece {
    let is_whole = share.inputs.len() == shared.input[1];
    let x = match (worker, is_whole) {
        (0, true) => Part::of(&shared.x),
        _ => desk.buffer("input", shared.input[0] * share.inputs.len() * 4),
    };
    let y = desk.buffer("output", shared.output[0] * share.outputs.len() * 4);
    let mut copied = |from: Part, desk: &mut Desk| match worker {
        0 => from,
        _ => {
            let to = desk.buffer("weight", from.2);
            copies.push(Copy {
                helper: worker - 1,
                from,
                to,
            });
            to
        }
    };
    let weight = copied(share.weight, desk);
    let bias = match share.bias == share.weight {
        true => weight, // there is none
        false => copied(share.bias, desk),
    };
    let codebook = match &shared.codebook {
        Some(codebook) => copied(Part::of(codebook), desk),
        None => weight,
    };
    let at = |name: &str| match name {
        "x" | "x_vectors" => x,
        "bias" => bias,
        "codebook" => codebook,
        "y" => y,
        _ => weight,
    };
    desk.tasks.push(shared.task(&share, at));
    Piece {
        share,
        step: desk.tasks.len() - 1,
        x,
        y,
    }
}

/// The bytes of numbers, filled up with zeros to the size of a buffer.
fn padded(numbers: &[f32], to: Part) -> Vec<u8> {
    let mut bytes: Vec<u8> = bytemuck::cast_slice(numbers).to_vec();
    bytes.resize(to.2, 0);
    bytes
}

/// Writes the channels of a share into the pixels of the whole.
fn scatter(own: &[f32], y: &mut [f32], channels: usize, piece: &Piece) {
    let outputs = piece.share.outputs.clone();
    let pixels = y.chunks_exact_mut(channels);
    for (y, own) in pixels.zip(own.chunks_exact(outputs.len())) {
        y[outputs.clone()].copy_from_slice(own);
    }
}

fn bound(slice: &Slice) -> cpu::Slice {
    Part::of(slice).slice()
}
