#pragma once
// Reports to findings, as the annotation guideline defines them.
#include "lge/anatomy/finding.hpp"
#include "lge/report/lexicon.hpp"
#include "lge/report/places.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lge::report {

/// A set of segments said in one breath, with the names it was said by.
struct Place {
    anatomy::Segments segments;
    std::uint32_t walls = 0;  // bits of wall_words
    Levels levels = 0;
    bool bare = false;        // a level that is no ring by itself, "basal", which can belong to a wall named elsewhere
    bool emphasised = false;  // "mainly in ...", "a further focus in ...": narrows no other place
    bool loose = false;       // an infarct named by its wall only
    bool whole = false;       // "all apical segments", "the entire lateral wall"
};

enum class Section : std::uint8_t { none, ignored, findings, impression };

/// What one clause says of LGE. `start` and `end` are bytes of the text.
struct Statement {
    std::uint32_t start = 0, end = 0;
    std::uint32_t sentence = 0;                      // index into Reading::sentences
    Section section = Section::none;
    anatomy::Presence presence = anatomy::Presence::not_stated;
    bool qualified = false;                          // denies one kind only ("no transmural scar")
    bool located = false;                            // speaks of a part only
    bool artifact = false;                           // explained away
    bool infarct = false;
    enum class Reader : std::uint8_t { none, one, all } reader = Reader::none;  // one of several readers, or what they agreed on
    bool weak = false;                               // named by its look only: "a bright spot"
    bool by_name = false;                            // of LGE itself, not of a scar or infarct
    bool known = false;                              // called known or told before
    bool of_others = false;                          // of kin, or of so many patients
    bool implicit = false;                           // LGE is not named, only what lies where
    std::vector<Place> places;
    anatomy::Segments spared;
    std::vector<anatomy::Pattern> patterns;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> hedges;
    std::string_view rule;
};

struct Sentence {
    std::uint32_t start = 0, end = 0;
    Section section = Section::none;
};

/// A phrase that was understood, for --explain.
struct Note {
    std::uint32_t start = 0, end = 0;
    const Entry* entry = nullptr;
};

struct Reading {
    anatomy::Finding finding;
    std::vector<Sentence> sentences;
    std::vector<Statement> statements;
    std::vector<Note> notes;  // only when asked for
};

std::string_view word(Section section);

/// Reads reports one after the other; memory is reused between them. Not to be shared between threads.
class Parser {
public:
    explicit Parser(const Lexicon& lexicon);
    ~Parser();
    Parser(Parser&&) noexcept;
    /// `text` must be UTF-8 of at most 4 GiB. Time is linear in its length; nothing recurs.
    const Reading& read(std::string_view text, bool notes = false);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lge::report
