//! A user's own templates: what they may do, and what they may not take along.

use super::*;

#[test]
fn a_users_template_works_and_its_errors_name_the_line() {
    let dir = folder();
    fs::write(
        dir.path().join("prices.csv"),
        "candidate,price\n@direction,min\n@worst,100\n@best,0\none|1,10\ntwo,20\n",
    )
    .expect("a file");
    let own = |text: &str| fs::write(dir.path().join("short.md"), text).expect("a file");
    let run = || {
        weigh(
            dir.path(),
            &[
                "report",
                "prices.csv",
                "--out",
                "out",
                "--template",
                "short.md",
            ],
        )
    };
    own("# {{ title }}\n\n{% for c in candidates %}\n- {{ c.rank }}: {{ c.name }}{% endfor %}\n");
    let output = run();
    assert!(output.status.success(), "{}", said(&output));
    let page = tree(&dir.path().join("out"))
        .into_iter()
        .find(|(p, _)| p.ends_with("short.md"))
        .expect("it was written")
        .1;
    assert!(
        String::from_utf8_lossy(&page).contains(r"- 1: one\|1"),
        "{}",
        String::from_utf8_lossy(&page)
    );
    own("# {{ title }}\n\n{{ nothing.there }}\n");
    let text = said(&run());
    assert!(text.contains("short.md:3:"), "{text}");
    own("# {{ title }}\n{% if %}\n");
    let text = said(&run());
    assert!(text.contains("short.md:2:"), "{text}");
}

#[test]
fn a_users_template_cannot_hang_the_program_nor_fill_memory_or_disk() {
    let dir = priced();
    let nested = "{% for a in range(end=90000) %}{% for b in range(end=90000) %}{% for c in range(end=90000) %}";
    let ends = "{% endfor %}{% endfor %}{% endfor %}";
    let doubling = "{% set x = title %}{% for a in range(end=60) %}{% set_global x = x ~ x %}{% endfor %}{{ x | length }}";
    let bombs = [
        (format!("{nested}{ends}"), "stopped"),
        (
            format!("{nested}{{{{ title }}}} and much more of the same{ends}"),
            "writes more than 16 MB",
        ),
        (doubling.to_owned(), "it may use 512 MB of memory"),
    ];
    // Beside a template that is harmless, so that the batch is seen to go on.
    fs::write(
        dir.path().join("other.csv"),
        "candidate,price\n@direction,min\n@worst,100\n@best,0\none,1\ntwo,2\n",
    )
    .expect("a file");
    for (body, word) in bombs {
        let body = format!(
            "{{% if decision == \"prices\" %}}{body}{{% else %}}{{{{ title }}}}{{% endif %}}"
        );
        fs::write(dir.path().join("bomb.md"), body).expect("a file");
        let started = std::time::Instant::now();
        let output = weigh(
            dir.path(),
            &[
                "report",
                "prices.csv",
                "other.csv",
                "--out",
                "out",
                "--template",
                "bomb.md",
            ],
        );
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(
            said(&output).contains(word) && said(&output).contains("1 reported"),
            "{}",
            said(&output)
        );
        assert!(started.elapsed().as_secs() < 40);
    }
}

/// The memory a template may use is its own: what the program reserves for itself does not count, and 150 MB of text fit in.
#[test]
fn a_users_template_may_use_the_memory_it_is_promised() {
    let dir = priced();
    let large = "{% set x = \"priceless\" %}{% for a in range(end=24) %}{% set_global x = x ~ x %}{% endfor %}{{ x | length }}\n";
    fs::write(dir.path().join("large.md"), large).expect("a file");
    let output = weigh(
        dir.path(),
        &[
            "report",
            "prices.csv",
            "--out",
            "out",
            "--template",
            "large.md",
        ],
    );
    assert!(output.status.success(), "{}", said(&output));
    let page = tree(&dir.path().join("out"))
        .into_iter()
        .find(|(p, _)| p.ends_with("large.md"))
        .expect("it was written")
        .1;
    assert_eq!(String::from_utf8_lossy(&page).trim(), "150994944");
}

#[test]
fn two_templates_that_make_the_same_file_are_refused() {
    let dir = folder();
    let decisions = many(dir.path(), 1);
    for folder in ["a", "b"] {
        fs::create_dir(dir.path().join(folder)).expect("a folder");
        fs::write(dir.path().join(folder).join("page.md"), "{{ title }}\n").expect("a file");
    }
    let output = weigh(
        dir.path(),
        &[
            "report",
            &decisions[0],
            "--out",
            "out",
            "--template",
            "a/page.md",
            "--template",
            "b/page.md",
        ],
    );
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("two templates would write `page.md`"),
        "{}",
        said(&output)
    );
}
