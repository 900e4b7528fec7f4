//! Huffman codes from frequencies (RFC 1951, 3.2.1 and 3.2.2).

/// A code, its first bit lowest.
#[derive(Clone, Copy, Default)]
pub(super) struct Code {
    pub(super) bits: u16,
    /// 0 for a symbol that does not occur.
    pub(super) length: u8,
}

impl Code {
    /// The codes that follow from their lengths (RFC 1951, 3.2.2).
    pub(super) fn canonical(lengths: &[u8]) -> Vec<Self> {
        let mut counts = [0_u16; 16];
        for &length in lengths {
            counts[usize::from(length)] += 1;
        }
        counts[0] = 0;
        let mut next = [0_u16; 16];
        for length in 1..16 {
            next[length] = (next[length - 1] + counts[length - 1]) << 1;
        }
        let mut codes = vec![Self::default(); lengths.len()];
        for (code, &length) in codes
            .iter_mut()
            .zip(lengths)
            .filter(|(_, length)| **length > 0)
        {
            let value = &mut next[usize::from(length)];
            *code = Self {
                bits: value.reverse_bits() >> (16 - length),
                length,
            };
            *value += 1;
        }
        codes
    }
}

/// The lengths of the best code for these frequencies, none longer than
/// `longest`. A symbol that does not occur has length 0; a single one has 1.
pub(super) fn code_lengths(frequencies: &[u32], longest: u8) -> Vec<u8> {
    let mut weights: Vec<(u32, usize)> = frequencies
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(symbol, &count)| (count, symbol))
        .collect();
    weights.sort_unstable();
    loop {
        let depths = depths(&weights);
        if depths.iter().all(|&depth| depth <= longest) {
            let mut lengths = vec![0; frequencies.len()];
            for ((_, symbol), depth) in weights.iter().zip(depths) {
                lengths[*symbol] = depth;
            }
            return lengths;
        }
        // Flatter weights give a flatter tree. Order is kept, so that they
        // stay sorted.
        for (weight, _) in &mut weights {
            *weight = weight.div_ceil(2);
        }
    }
}

/// The depth of each leaf in the Huffman tree over sorted weights.
fn depths(weights: &[(u32, usize)]) -> Vec<u8> {
    let leaves = weights.len();
    if leaves == 1 {
        return vec![1];
    }
    // Leaves first, then the inner nodes, which come out sorted as well: the
    // two lightest nodes are always at the head of one of the two queues.
    let mut nodes: Vec<u64> = weights
        .iter()
        .map(|(weight, _)| u64::from(*weight))
        .collect();
    let mut parents = vec![0; leaves];
    let (mut leaf, mut inner) = (0, leaves);
    while parents.len() + 1 < 2 * leaves {
        let parent = nodes.len();
        let mut weight = 0;
        for _ in 0..2 {
            let take_leaf = leaf < leaves && (inner >= parent || nodes[leaf] <= nodes[inner]);
            let next = if take_leaf { &mut leaf } else { &mut inner };
            weight += nodes[*next];
            parents[*next] = parent;
            *next += 1;
        }
        nodes.push(weight);
        parents.push(parent);
    }
    let mut depths = vec![0_u8; nodes.len()];
    for node in (0..nodes.len().saturating_sub(1)).rev() {
        depths[node] = depths[parents[node]].saturating_add(1);
    }
    depths.truncate(leaves);
    depths
}
