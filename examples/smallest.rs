//! Packs documents with codec 2 and unpacks them, each as often as is said: what its instructions are counted with
//! (`benches/README.md`).

use qrseal::payload::{Document, minify, mix2};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut times = || arguments.next().and_then(|times| times.parse().ok());
    let (Some(pack), Some(unpack)): (Option<u32>, Option<u32>) = (times(), times()) else {
        eprintln!("smallest TIMES_TO_PACK TIMES_TO_UNPACK FILE...");
        return;
    };
    let documents: Vec<Document> = arguments
        .filter_map(|path| std::fs::read(path).ok())
        .filter_map(|text| minify(&text).ok())
        .collect();
    let packed = || documents.iter().filter_map(mix2::pack);
    let bodies: Vec<Vec<u8>> = packed().collect();
    for _ in 0..pack {
        assert!(packed().eq(bodies.iter().cloned()));
    }
    for _ in 0..unpack {
        for body in &bodies {
            assert!(mix2::unpack(body).is_ok());
        }
    }
    let bytes = |texts: &mut dyn Iterator<Item = &[u8]>| texts.map(<[u8]>::len).sum::<usize>();
    println!(
        "{} documents, {} bytes, packed to {}",
        documents.len(),
        bytes(&mut documents.iter().map(Document::as_bytes)),
        bytes(&mut bodies.iter().map(Vec::as_slice)),
    );
}
