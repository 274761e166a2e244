//! The canonical form equals the result of the reference pipeline, the form of a form is the same
//! form, and canonically equivalent texts have one form.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refrain::Normalization;
use refrain_fuzz::{Bytes, form, text};
use refrain_testkit::canonical::{canonical, nfc, nfd};

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let form = form(&mut bytes);
    let text = text(bytes.rest());
    let ours = form.canonical(&text);
    assert_eq!(form.canonical(&ours), ours, "the {form} form of the form of {text:?}");
    if form != Normalization::RAW && form != Normalization::WHITESPACE {
        for equivalent in [nfd(&text), nfc(&text)] {
            assert_eq!(form.canonical(&equivalent), ours, "{form}: {equivalent:?} for {text:?}");
        }
    }
    // The reference pipeline knows a few of the character references.
    let has_references = form.to_string().contains("references");
    if !has_references || !Normalization::TEXT.canonical(&text).contains(';') {
        assert_eq!(ours, canonical(&text, &form.to_string()), "the {form} form of {text:?}");
    }
});
