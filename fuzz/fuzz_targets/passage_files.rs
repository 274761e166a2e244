//! Hostile files of passages are errors or can be used, and take no more memory than a multiple of
//! their bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use peak_alloc::PeakAlloc;
use refrain::passages::{Border, PassageOptions, Passages, Text};
use refrain_fuzz::{Bytes, few_words, files};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let options = PassageOptions::new().min_words(1 + bytes.below(4)).expect("there is a word");
    let is_invented = bytes.last() > 191;
    let is_cut = bytes.last() > 127;
    let mut changes = bytes;
    let texts = if is_invented { vec!["a b c".to_owned()] } else { few_words(bytes.rest()) };
    let mut index = Passages::with_options(&options);
    for (number, text) in texts.iter().enumerate() {
        let (id, border) = (number.to_string(), Border::Word);
        let text = Text { id: &id, text };
        if is_cut { drop(index.dedup(text, border)) } else { drop(index.insert(text)) }
    }
    let mut file = Vec::new();
    index.save(&mut file).expect("memory can be written");
    let file = if is_invented { files::invented(&file, bytes) } else { files::changed(&file, &mut changes) };

    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let loaded = Passages::load(&file[..], &options);
    let most = MEMORY.peak_usage() - before;
    assert!(most <= (1 << 20) + 200 * file.len(), "{most} bytes for a file of {}", file.len());
    let Ok(mut index) = loaded else { return };
    for text in &texts {
        drop(index.query(text));
        drop(index.dedup(Text { id: "x", text }, Border::Word));
    }
    index.mark_removed(|id| id == "1");
    drop(index.rebuild());
    let mut saved = Vec::new();
    index.save(&mut saved).expect("memory can be written");
    drop(Passages::load(&saved[..], &options));
});
