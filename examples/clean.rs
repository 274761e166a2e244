fn main() {
    let text = include_str!("../tests/fixtures/article.txt");
    print!("{}", refrain::clean(text));
}
