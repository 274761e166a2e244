//! An index of near duplicates on disk answers like one in memory, also after it is reopened, and
//! refuses other keys.

mod common;

use common::{Folder, retry};
use refrain::error::IndexError;
use refrain::near::{LshIndex, NearOptions, Neighbors, Shingler, Shingles};
use refrain_disk::Disk;
use refrain_testkit::{Random, prose};

fn open(folder: &Folder, criteria: &NearOptions) -> Result<LshIndex<Disk>, IndexError> {
    open_with(folder, &Shingler::new(), criteria)
}

fn open_with(
    folder: &Folder,
    shingler: &Shingler,
    criteria: &NearOptions,
) -> Result<LshIndex<Disk>, IndexError> {
    LshIndex::open_with(&folder.0, shingler, criteria.clone(), |folder, name, new| {
        Disk::open_within(folder, name, new, 1 << 20)
    })
}

fn criteria() -> NearOptions {
    NearOptions::new(0.7).and_then(|criteria| criteria.containment(0.9)).expect("they can be")
}

#[test]
fn answers_are_those_of_an_index_in_memory() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("near");
    let mut random = Random::new(21);
    let shingler = Shingler::new();
    let texts: Vec<Shingles> =
        prose::edited(&mut random, 120).iter().map(|text| shingler.shingle(text)).collect();
    let memory = LshIndex::new(&shingler, criteria());
    let mut found = 0;
    for part in texts.chunks(30) {
        // Each part by a process of its own, as it were.
        let disk = retry(|| open(&folder, &criteria()));
        for text in part {
            let id = random.below(80).to_string();
            match random.below(6) {
                0 => {
                    let (a, b) = (disk.remove(&id), memory.remove(&id));
                    assert_eq!(a?, b?);
                }
                1 => {
                    let parts = &part[..random.below(4)];
                    assert_eq!(disk.insert_parts(&id, parts)?, memory.insert_parts(&id, parts)?);
                }
                _ => {
                    let (near, insertion): (Neighbors, _) = disk.query_and_insert(&id, text)?;
                    assert_eq!((near.clone(), insertion), memory.query_and_insert(&id, text)?);
                    found += near.len();
                }
            }
            assert_eq!(disk.len()?, memory.len()?);
        }
        disk.sync()?;
    }
    assert!(found > 10, "{found}");
    let disk = retry(|| open(&folder, &criteria()));
    for text in &texts {
        let near = disk.query(text)?;
        assert_eq!(near, memory.query(text)?);
    }
    Ok(())
}

#[test]
fn an_index_with_other_keys_is_refused() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("near-other");
    drop(open(&folder, &criteria())?);
    let other = NearOptions::new(0.3)?;
    let message = open(&folder, &other).map(drop).expect_err("it has other bands").to_string();
    assert!(message.contains("bands 32 of 4 of 128 values and single shingles"), "{message}");
    let seeded = open_with(&folder, &Shingler::new().seed(1), &criteria());
    assert!(matches!(seeded, Err(IndexError::WrongParameters { .. })));
    drop(open(&folder, &criteria())?);
    Ok(())
}
