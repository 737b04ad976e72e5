#include "lge/synth/sentence.hpp"

#include "lge/synth/place_words.hpp"
#include "lge/synth/wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace lge::synth {

using anatomy::Finding;
using anatomy::Level;
using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;
using anatomy::Wall;
using std::string;
using std::string_view;

namespace {

string pattern_word(Pattern pattern, Style style, Random& random) {
    if (style == Style::clinical) switch (pattern) {
        case Pattern::subendocardial: return spin("[subendocardial|sub-endocardial]", {}, random);
        case Pattern::midwall: return spin("[midwall|mid-wall|mid-myocardial|intramural|mid-wall]", {}, random);
        case Pattern::subepicardial: return spin("[subepicardial|epicardial|sub-epicardial]", {}, random);
        case Pattern::transmural: return spin("[transmural|transmural|full-thickness]", {}, random);
        default: break;
        }
    return string(anatomy::word(pattern));
}

string patterns(const Finding& f, Style style, Random& random) {
    std::vector<string> words;
    for (const Pattern p : f.pattern) words.push_back(pattern_word(p, style, random));
    return joined(words);
}

// Depth and no-reflow, behind the place.
string tail(const Finding& f, Style style, Random& random) {
    string depth, core;
    if (f.transmurality && f.transmurality->max_pct) {
        const string n = std::to_string(std::lround(*f.transmurality->max_pct));
        depth = spin(style == Style::plain ? ", with approximately $n% transmurality"
                                           : "[, with [about |approximately |an estimated |~|]$n% transmurality|, "
                                             "[about |approximately |]$n% of the wall thickness|, transmurality [about |approximately |]$n%|, involving [about |"
                                             "approximately |]$n% of the wall thickness]",
                     {{"n", n}}, random);
    }
    if (f.mvo == true) {
        constexpr string_view with = ", with [microvascular obstruction|a core of microvascular obstruction|a [dark|hypointense|central] no-reflow [core|zone]|central "
                                     "microvascular obstruction|MVO|a core of MVO|an area of MVO]";
        constexpr string_view joined_on = "[ with [central |]microvascular obstruction|, containing a no-reflow [core|zone]]";
        core = style == Style::plain ? ", with microvascular obstruction" : spin(depth.empty() && random.chance(0.4) ? joined_on : with, {}, random);
    }
    return depth + core;
}

constexpr string_view nouns =
    "[late gadolinium enhancement|LGE|LGE|delayed enhancement|hyperenhancement|late enhancement|delayed hyperenhancement|myocardial scar|late gadolinium enhancement "
    "(LGE)|delayed gadolinium enhancement|myocardial scarring|scar|late gadolinium hyperenhancement|delayed contrast enhancement|contrast enhancement]";
constexpr string_view seen = "[seen|present|noted|identified|visible|evident|observed|found|detected]";

// Sentences whose place has its article, and notes that do without.
constexpr std::array<string_view, 13> clinical_sentences{
    "[there is|there is|we see] $what in $where$more", "$what is $seen in $where$more", "$what $seen in $where$more", "$what is $seen in $where$more",
    "$what [involving|affecting|within|in|of] $where$more", "$what [involves|affects] $where$more", "$where $show $what$more",
    "in $where, $what is $seen$more", "[evidence of|an area of|area of|region of|focal area of] $what in $where$more",
    "[LGE|late gadolinium|delayed enhancement|late enhancement] [[images|sequences] [show|demonstrate|reveal]|imaging [shows|demonstrates|reveals]] $what in $where$more",
    "on [LGE|late gadolinium enhancement|delayed enhancement] [images|imaging][,|] there is $what in $where$more", "[positive|study positive] for $what in $where$more",
    "[hyperenhancement|LGE|late gadolinium enhancement] is $seen in $where$more"};
constexpr std::array<string_view, 5> clinical_notes{"$what, $where$more", "$what: $where$more", "$where: $what$more", "LGE: $pattern, $where", "LGE in $where, $pattern$more"};
constexpr std::array<string_view, 3> plain_sentences{"there is $what in $where$more", "$what in $where$more", "$what is present in $where$more"};
constexpr std::array<string_view, 6> doubtful_sentences{
    "[possible|questionable|equivocal] [subtle |faint |minor |]$what in $where", "[possible|questionable|equivocal] $what is $seen in $where",
    "there is [possible|questionable|equivocal] $what in $where", "[cannot exclude|suspicion of] [subtle |faint |]$what in $where",
    "[possible|questionable] $what [involving|within|of] $where", "$what in $where [cannot be excluded|is equivocal|is questionable]"};

// "mid-myocardial scar", not "mid-myocardial myocardial scar".
string with_pattern(const string& pattern, const string& noun) {
    constexpr string_view twice = "myocardial ";
    if (pattern.empty()) return noun;
    return pattern + " " + (pattern.ends_with("myocardial") && noun.starts_with(twice) ? noun.substr(twice.size()) : noun);
}

// `notes`: telegraphic forms too.
string present(const Finding& f, Style style, bool notes, Random& random) {
    const bool plain = style == Style::plain, note = notes && !plain && random.chance(0.2);
    string_view form = plain ? plain_sentences[random.below(plain_sentences.size())]
                       : note ? clinical_notes[random.below(clinical_notes.size())] : clinical_sentences[random.below(clinical_sentences.size())];
    const string pattern = patterns(f, style, random);
    const bool says_pattern = form.find("$pattern") != string_view::npos || form.find("$what") != string_view::npos;
    if (!f.pattern.empty() && !says_pattern) form = clinical_sentences[0];
    if (f.pattern.empty() && form.find("$pattern") != string_view::npos) form = clinical_notes[0];
    const string noun = spin(plain ? "[late gadolinium enhancement|scar]" : nouns, {}, random);
    const string what = with_pattern(pattern, noun);
    const PlaceWords where = place_words(*f.segments, style, !note, random);
    const string more = tail(f, style, random);
    if (!more.empty() && form.find("$more") == string_view::npos) form = clinical_notes[0];
    const string verb = spin(seen, {}, random);
    const string show = spin(where.plural ? "[show|demonstrate|exhibit]" : "[shows|demonstrates|exhibits]", {}, random);
    return capital(spin(form, {{"what", what}, {"where", where.text}, {"more", more}, {"show", show}, {"seen", verb}, {"pattern", pattern}}, random)) + ".";
}

string in_doubt(const Finding& f, Style style, Random& random) {
    const string pattern = patterns(f, style, random);
    const string noun = spin(style == Style::plain ? "late gadolinium enhancement" : nouns, {}, random), what = with_pattern(pattern, noun);
    const PlaceWords where = place_words(f.segments_possible, style, true, random);
    const string verb = spin(seen, {}, random);
    const string_view form = style == Style::plain ? "possible $what in $where" : doubtful_sentences[random.below(doubtful_sentences.size())];
    return capital(spin(form, {{"what", what}, {"where", where.text}, {"seen", verb}}, random)) + ".";
}

// Without a full stop, so that a level may follow.
string absent(Style style, Random& random) {
    if (style == Style::plain) return spin("no [late gadolinium enhancement|myocardial scar]", {}, random);
    constexpr string_view thing = "[late gadolinium enhancement|LGE|LGE|delayed enhancement|hyperenhancement|late enhancement|delayed hyperenhancement|myocardial scar|scar]";
    constexpr std::array<string_view, 7> forms{
        "no [|evidence of |areas of |pathological |abnormal |focal |definite |]$thing", "no $thing [is |]$seen", "there is no [|evidence of |abnormal |]$thing",
        "[absence of|without|without evidence of] $thing", "no evidence of [myocardial scar or fibrosis|myocardial scar|scar or fibrosis|late gadolinium enhancement]",
        "$thing is [absent|not seen|not present|not identified|not demonstrated]", "negative for $thing"};
    const string what = spin(thing, {}, random), verb = spin(seen, {}, random);
    return spin(forms[random.below(forms.size())], {{"thing", what}, {"seen", verb}}, random);
}

}  // namespace

std::vector<Wall> walls_of(Segments segments, Level level) {
    std::vector<Wall> walls;
    if (level == Level::apex || level == Level::unknown) return walls;
    Segments left = segments & segments_of(level);
    if (level == Level::apical) {
        for (const Wall wall : {Wall::anterior, Wall::septal, Wall::inferior, Wall::lateral})
            if (!(left & segments_of(wall, level)).empty()) walls.push_back(wall);
        return walls;
    }
    const auto take = [&](Wall wall) {
        const Segments s = segments_of(wall, level);
        if ((left & s) != s) return;
        walls.push_back(wall);
        left = left - s;
    };
    for (const Wall wall : {Wall::anterior, Wall::septal, Wall::anteroseptal, Wall::inferoseptal, Wall::inferior, Wall::lateral, Wall::inferolateral, Wall::anterolateral}) take(wall);
    return walls;
}

std::vector<string> wall_words(Segments segments) {
    std::vector<string> words;
    for (const Level level : {Level::basal, Level::mid, Level::apical})
        for (const Wall wall : walls_of(segments, level))
            if (const string word(wall == Wall::septal ? "septum" : anatomy::word(wall)); std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    return words;
}

string caption(const Finding& f, Level level, Style style, Random& random) {
    if (f.lge == Presence::present) return present(f, style, true, random);
    if (f.lge == Presence::uncertain) return in_doubt(f, style, random);
    const string none = capital(absent(style, random));
    // A level named in a denial says where one looked.
    if (level == Level::unknown || !random.chance(0.35)) return none + ".";
    if (level == Level::apex) return none + " at the apex.";
    return none + spin(style == Style::plain ? " at the $level level" : "[ at [the |]$level level| in the $level [slice|slices]]", {{"level", level_word(level, style, random)}}, random) + ".";
}

string report(const Finding& f, Style style, Random& random) {
    const bool found = f.lge == Presence::present;
    string lge = found ? present(f, style, false, random) : capital(absent(style, random)) + ".";
    if (found && f.extent_percent) {
        const string n = std::to_string(std::lround(f.extent_percent->first));
        lge += spin(" [LGE extent is $n% of LV mass|LGE burden [about |]$n% of the LV mass|Total LGE extent is $n% of LV mass|The LGE amounts to $n% of the LV mass|Scar burden $n% of LV mass].",
                    {{"n", n}}, random);
    }
    if (style == Style::plain) return lge;
    const string technique = spin("[Cine and late gadolinium enhancement imaging in the short axis.|Short-axis cine; LGE 10 minutes after contrast.|CMR with contrast, PSIR sequence."
                                  "|Standard protocol with cine and delayed enhancement sequences.|Late gadolinium enhancement imaging [10|12|15] minutes after [0.1|0.15|0.2] mmol/kg gadobutrol.]",
                                  {}, random);
    const string ventricle = spin("[The left ventricle is imaged from base to apex.|Image quality is [good|sufficient for diagnosis|adequate].|No pericardial effusion.|[Short-axis stack complete from base to apex|Complete short-axis stack].]",
                                  {}, random);
    const string closing = spin(found ? "[Findings as described.|See findings.|As above.]" : "[No myocardial scar.|No late gadolinium enhancement.|No evidence of scar or fibrosis.|No LGE.]", {}, random);
    constexpr std::array<string_view, 5> forms{"TECHNIQUE: $technique\nFINDINGS: $ventricle $lge\nIMPRESSION: $closing", "Findings\n- $ventricle\n- $lge\nConclusion\n$closing", "$ventricle $lge",
                                               "Technique: $technique\nFindings: $lge $ventricle\nConclusion: $closing", "FINDINGS:\n$ventricle\n$lge\n\nIMPRESSION:\n$closing"};
    return spin(forms[random.below(forms.size())], {{"technique", technique}, {"ventricle", ventricle}, {"lge", lge}, {"closing", closing}}, random);
}

}  // namespace lge::synth
