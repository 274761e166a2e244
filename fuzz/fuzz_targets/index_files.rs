//! Hostile snapshots and filters are errors or can be used, and take no more memory than a multiple
//! of their bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use peak_alloc::PeakAlloc;
use refrain::index::{BloomFilter, Detail, Index, Page, Thresholds};
use refrain::{Document, Options};
use refrain_fuzz::{Bytes, files, text};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let is_snapshot = bytes.below(2) == 0;
    let is_invented = bytes.last() > 127;
    let (capacity, rate) = (1 + bytes.below(200) as u64, (1 + bytes.below(99)) as f64 / 100.0);
    let mut changes = bytes;
    let text = if is_invented { "A text.\nAnother line.".to_owned() } else { text(bytes.rest()) };
    let mut file = Vec::new();
    if is_snapshot {
        let index = Index::new();
        for (number, page) in text.split("\n\n").take(8).enumerate() {
            let (id, document) = ((number % 5).to_string(), Document::new(page));
            index
                .insert(Page { id: &id, scope: &id[..number % 2], document: &document })
                .expect("there is room");
        }
        index.save(&mut file).expect("memory can be written");
    } else {
        let mut filter = BloomFilter::new(capacity, rate, &Options::new()).expect("the filter is small");
        // A full filter is an error.
        drop(filter.insert(&Document::new(&text)));
        filter.save(&mut file).expect("memory can be written");
    }
    let file = if is_invented { files::invented(&file, bytes) } else { files::changed(&file, &mut changes) };

    let document = Document::new(&text);
    if is_snapshot {
        let loaded = with_little_memory(&file, || Index::load(&file[..], &Options::new()));
        let Ok(index) = loaded else { return };
        // Documents of a hostile file may contradict themselves, which is an error.
        drop(index.query("0", &document, Detail::Runs));
        drop(index.query("", &document, Detail::Matches));
        drop(index.boilerplate("", Thresholds::new()));
        drop(index.remove("1"));
        drop(index.insert(Page { id: "2", scope: "x", document: &document }));
        let mut saved = Vec::new();
        if index.save(&mut saved).is_ok() {
            let again = Index::load(&saved[..], &Options::new()).expect("what is saved can be loaded");
            let mut twice = Vec::new();
            assert!(again.save(&mut twice).is_ok() && twice == saved);
        }
    } else {
        let loaded = with_little_memory(&file, || BloomFilter::load(&file[..], &Options::new()));
        let Ok(mut filter) = loaded else { return };
        assert!(filter.segment_count() <= filter.capacity());
        drop(filter.query_and_insert(&document));
        assert!(filter.segment_count() <= filter.capacity());
        let mut saved = Vec::new();
        filter.save(&mut saved).expect("memory can be written");
        assert!(BloomFilter::load(&saved[..], &Options::new()).is_ok());
    }
});

fn with_little_memory<T>(file: &[u8], load: impl FnOnce() -> T) -> T {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let loaded = load();
    let most = MEMORY.peak_usage() - before;
    assert!(most <= (1 << 20) + 200 * file.len(), "{most} bytes for a file of {}", file.len());
    loaded
}
