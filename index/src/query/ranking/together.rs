//! Several questions at once.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::window::{self, WINDOW, Window};

/// Some questions of which at least `needed` must be answered; the more of what they are worth together is, the
/// better.
#[derive(Debug)]
pub struct Together {
    /// With what each is worth.
    pub parts: Vec<(Box<dyn Query>, f32)>,
    /// At least one.
    pub needed: usize,
}

impl Clone for Together {
    fn clone(&self) -> Self {
        Self { parts: self.parts.iter().map(|(q, worth)| (q.box_clone(), *worth)).collect(), needed: self.needed }
    }
}

struct TogetherWeight {
    parts: Vec<(Box<dyn Weight>, f32)>,
    needed: usize,
}

impl Query for Together {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let parts = self.parts.iter().map(|(q, worth)| Ok((q.weight(scoring)?, *worth)));
        Ok(Box::new(TogetherWeight { parts: parts.collect::<tantivy::Result<_>>()?, needed: self.needed.max(1) }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.parts.iter().for_each(|(part, _)| part.query_terms(visitor));
    }
}

impl Weight for TogetherWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let parts = self.parts.iter().map(|(weight, worth)| Ok((weight.scorer(reader, boost)?, *worth)));
        let mut parts: Vec<(Box<dyn Scorer>, f32)> = parts.collect::<tantivy::Result<_>>()?;
        let all = parts.iter().map(|(_, worth)| worth).sum::<f32>().max(f32::MIN_POSITIVE);
        if parts.len() == 1 && parts[0].1 > 0.0 {
            return Ok(parts.remove(0).0);
        }
        let every = self.needed == parts.len();
        if every {
            // The rarest leads.
            parts.sort_by_key(|(part, _)| part.size_hint());
        }
        let window = Window::default();
        let mut scorer = TogetherScorer { parts, needed: self.needed, every, all, window, sums: Vec::new(), doc: 0 };
        if every {
            scorer.meet();
        } else {
            scorer.fill(window::FIRST);
        }
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("no explanation of document {doc}")))
    }
}

/// What the parts that are on a document say.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    score: Score,
    worth: f32,
    parts: usize,
}

struct TogetherScorer {
    parts: Vec<(Box<dyn Scorer>, f32)>,
    needed: usize,
    /// All parts are needed: they seek one another, and there is no window.
    every: bool,
    all: f32,
    window: Window,
    /// Of the documents of the window.
    sums: Vec<Sum>,
    doc: DocId,
}

impl TogetherScorer {
    /// The first document, from where the parts are, that all of them are on.
    fn meet(&mut self) {
        loop {
            let target = self.parts.iter().map(|(p, _)| p.doc()).max().unwrap_or(TERMINATED);
            self.doc = target;
            if target == TERMINATED {
                return;
            }
            let mut met = true;
            for (part, _) in self.parts.iter_mut().filter(|(p, _)| p.doc() < target) {
                met &= part.seek(target) == target;
            }
            if met {
                return;
            }
        }
    }

    /// Reads the next stretches until one holds a document that enough parts are on, and goes to it.
    fn fill(&mut self, mut length: usize) {
        loop {
            let base = self.parts.iter().map(|(p, _)| p.doc()).min().unwrap_or(TERMINATED);
            if base == TERMINATED {
                self.doc = TERMINATED;
                return;
            }
            self.window.start(base, length);
            self.sums.clear();
            self.sums.resize(length, Sum::default());
            for (part, worth) in &mut self.parts {
                let mut doc = part.doc();
                while doc < self.window.end() {
                    let sum = &mut self.sums[self.window.add(doc)];
                    sum.score += part.score();
                    sum.worth += *worth;
                    sum.parts += 1;
                    doc = part.advance();
                }
            }
            if self.take() {
                return;
            }
            length = window::longer(length);
        }
    }

    /// Goes to the next document of the window that enough parts are on, if there is one.
    fn take(&mut self) -> bool {
        while let Some(at) = self.window.take() {
            if self.sums[at].parts >= self.needed {
                self.doc = self.window.doc(at);
                return true;
            }
        }
        false
    }
}

impl DocSet for TogetherScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        if self.every {
            if let Some((part, _)) = self.parts.first_mut() {
                part.advance();
            }
            self.meet();
            return self.doc;
        }
        if !self.take() {
            self.fill(WINDOW);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        if !self.every && target < self.window.end() {
            self.window.skip_to(target);
            return self.advance();
        }
        let leap = target - self.doc;
        for (part, _) in self.parts.iter_mut().filter(|(p, _)| p.doc() < target) {
            part.seek(target);
        }
        if self.every {
            self.meet();
        } else {
            self.fill(window::after(leap));
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let sizes = self.parts.iter().map(|(p, _)| p.size_hint());
        if self.every { sizes.min() } else { sizes.max() }.unwrap_or(0)
    }
}

impl Scorer for TogetherScorer {
    fn score(&mut self) -> Score {
        if self.every {
            // All that they are worth is there.
            return self.parts.iter_mut().map(|(part, _)| part.score()).sum();
        }
        let sum = self.sums[self.window.place(self.doc)];
        sum.score * sum.worth / self.all
    }
}
