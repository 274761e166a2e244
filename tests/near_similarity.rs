//! Similarity, containment and common spans against their definitions.

use proptest::prelude::*;
use refrain::near::{Keep, NearOptions, Shingler, Shingles, cluster, pairs};
use refrain_testkit::similarity::{bag, containment, overlap, similarity, words};

fn read(texts: &[String], size: usize) -> Vec<Shingles> {
    let shingler = Shingler::new().words_per_shingle(size);
    texts.iter().map(|text| shingler.shingle(text)).collect()
}

/// Some words, with signs between them.
fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "B",
        "storm",
        "Ferry",
        "incomprehensible",
        "nine9",
        "x, y",
        "-",
        "harbors",
    ]);
    prop::collection::vec(word, 0..30).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn resemblance_and_containment_are_what_is_shared(a in text(), b in text(), size in 1..7_usize) {
        // A text without words is compared by its signs, which the oracle leaves out.
        prop_assume!(!words(&a).is_empty() && !words(&b).is_empty());
        let shingler = Shingler::new().words_per_shingle(size);
        let (x, y) = (shingler.shingle(&a), shingler.shingle(&b));
        prop_assert_eq!(x.similarity(&y), similarity(&a, &b, size));
        prop_assert_eq!(y.similarity(&x), similarity(&a, &b, size));
        prop_assert_eq!(x.containment(&y), containment(&a, &b, size));
        prop_assert_eq!(y.containment(&x), containment(&b, &a, size));
        prop_assert_eq!(x.len(), bag(&a, size).values().sum::<usize>());
    }

    /// Every shingle that is in both is in a run, and what a run spans has the same words in both texts.
    #[test]
    fn shared_parts_are_the_same_and_all_of_it(a in text(), b in text(), size in 1..5_usize) {
        let shared = Shingler::new().words_per_shingle(size).common_spans(&a, &b);
        let mut runs = 0;
        for part in &shared {
            let (here, there) = (words(&a[part.first()]), words(&b[part.second()]));
            // A piece between white space may have a word more than the run at its ends.
            let short = here.len().min(there.len());
            prop_assert!(here.len() < short + 2 && there.len() < short + 2);
            let (both, _, _) = overlap(&a[part.first()], &b[part.second()], size.min(short));
            prop_assert!(both > 0);
            runs += (short + 1).saturating_sub(size).max(1);
        }
        let (both, _, _) = overlap(&a, &b, size);
        if words(&a).len() >= size && words(&b).len() >= size {
            prop_assert!(runs >= both && shared.is_empty() == (both == 0));
        }
        prop_assert!(shared.windows(2).all(|pair| pair[0].first().start() <= pair[1].first().start()));
    }

    /// In any script the pieces of which a text is made have the words that it has as a whole: a text shares
    /// all with itself.
    #[test]
    fn any_text_shares_all_of_itself(text in any::<String>(), more in "[\u{AC00}\u{1100}\u{1161}\u{11A8}\u{30AB}\u{FF76}\u{FF9E}\u{3099}\u{E01}\u{E34}\u{6F22}\u{B4}a ]{0,20}") {
        for text in [text, more] {
            let shingler = Shingler::new().words_per_shingle(1);
            let shingles = shingler.shingle(&text);
            let shared = shingler.common_spans(&text, &text);
            prop_assert!(shared.len() <= 1);
            if let Some(all) = shared.first() {
                let (here, there) = (shingler.shingle(&text[all.first()]), shingler.shingle(&text[all.second()]));
                prop_assert_eq!(here.hashes(), shingles.hashes());
                prop_assert_eq!(there.hashes(), shingles.hashes());
            }
        }
    }

    #[test]
    fn any_texts_are_read_and_compared(texts in prop::collection::vec(any::<String>(), 0..6), size in 0..9_usize) {
        let shingles = read(&texts, size);
        let criteria = NearOptions::new(0.5).and_then(|criteria| criteria.containment(0.5)).expect("both can be");
        let found = pairs(&shingles, &criteria).into_items();
        for pair in found {
            prop_assert!(pair.first() < pair.second() && pair.second() < texts.len());
        }
        prop_assert_eq!(cluster(&shingles, &criteria, &Keep::First).items().len(), texts.len());
    }
}

#[test]
fn different_texts_differ_in_every_script() {
    let pairs = [
        ("Die Fähre fährt wieder um neun Uhr ab.", "Ein Sturm zog am Abend über den Hafen hin."),
        ("Паром снова отходит в девять часов утра.", "Шторм пришёл вечером и закрыл весь порт."),
        ("渡轮从星期一九点开始重新开航", "星期日晚上暴风雨关闭了港口"),
        ("フェリーは月曜日から再開します", "日曜の夜に嵐で港が閉まった"),
        ("เรือข้ามฟากจะเปิดให้บริการอีกครั้ง", "พายุเข้าเมื่อคืนวันอาทิตย์จนท่าเรือต้องปิด"),
        ("नौका सोमवार से फिर चलेगी सुबह नौ बजे", "रविवार की रात तूफ़ान से बंदरगाह बंद रहा"),
        ("العبارة تبحر من جديد يوم الاثنين صباحا", "أغلقت عاصفة الميناء ليلة الأحد كلها"),
    ];
    let shingler = Shingler::new().words_per_shingle(3);
    for (a, b) in pairs {
        let (x, y) = (shingler.shingle(a), shingler.shingle(b));
        assert!(x.similarity(&y) < 0.05, "{a}");
        assert!(x.len() > 3 && x.similarity(&shingler.shingle(&format!("{a} !"))) == 1.0, "{a}");
    }
}
