#pragma once
// What the sentences of a report add up to before it is concluded, and the steps by which one sentence is read.
#include "lge/report/passage.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lge::report {

struct Percent {
    std::optional<double> low, high;
};

/// A cause that a sentence names.
struct NamedCause {
    anatomy::Cause cause;
    std::string_view name;  // of the lexicon; empty where only the class is named
    anatomy::Certainty certainty;
    std::uint32_t start;
    Section section;
    bool beside_target, negated;
    bool argued = false;    // "speaks against an infarct", not "no infarct"
    bool newly = false;     // "an interval infarct"
    bool caption = false;   // of the images: "LGE in a patient with sarcoidosis"
};

/// Of a whole report.
struct Gathered {
    std::vector<NamedCause> causes;
    std::vector<Percent> depths, shares;  // of the wall, of the ventricle
    std::optional<double> mass;
    std::optional<bool> mvo;
    bool viable = false, nonviable = false, mixed = false, near_transmural = false;
    bool nonviable_there = false;         // at a place alone
    bool unreadable = false;              // the whole study
    bool not_done = false;               // LGE was not acquired
    bool of_patient = false;             // names the patient, beside whom kin and other patients count for nothing
    bool amended = false;                 // an addendum came
    bool spoke_of_lge = false;            // named, if only as not done
    std::uint32_t changes = 0;           // bits of Change
    std::vector<anatomy::Territory> territories;
    std::vector<std::string_view> other;
    /// Keeps the memory.
    void clear() {
        Gathered empty;
        const auto keep = [](auto& from, auto& to) { from.clear(), to.swap(from); };
        keep(causes, empty.causes), keep(depths, empty.depths), keep(shares, empty.shares);
        keep(territories, empty.territories), keep(other, empty.other);
        *this = std::move(empty);
    }
};

/// Where a sentence stands.
struct Setting {
    Section section = Section::none;
    Topic topic = Topic::none;
    bool asked = false;    // "Bright signal in the septum: scar or artefact?"
    bool goes_on = false;  // the sentence before spoke of LGE
    bool spoke = false;    // so did one before
    bool shown = false;    // the sentence before named the images
    bool of_organ = false; // the sentence before told of another organ's LGE only
    bool sums_up = false;  // an impression after findings of LGE
    bool below_edema = false;        // the line before is the title "Oedema"
    Levels view = 0;       // of the slice that a caption shows
    const Entry* subject = nullptr;  // the organ that the sentence before is about, where this one begins with a pronoun
    bool one_segment = false;        // "in the basal segment": one of the walls in `antecedent`
    bool of_wall = false;            // so is `antecedent`, the wall it is about
    std::vector<Place> antecedent = {};  // the places of the sentence before, where this one refers to them
};

// examinations.cpp: others than the one reported
/// "The MRI of 2019 had shown LGE of the septum": marks as history the subject and verb that tell of another examination.
void find_earlier_examinations(Passage& in);
/// "on the MRI of 12 March 2019", "the 2019 scan" become "on the previous MRI", "the previous scan": the year tells that it is
/// another than the one reported, of which the other words for that are known.
void name_dated_examinations(const Lexicon& lexicon, Tokens& tokens);
/// "The initial MRI showed ...": whether it tells of the first of several, where one of today is told of later.
bool tells_of_first(const Passage& in);
/// "On the current study ...": whether it names the examination reported, from a token on.
bool tells_of_now(const Passage& in, std::uint32_t from);
/// A label that names an examination: another than the one reported, or that one. `tokens`: up to behind its colon, 0 for none.
struct ExaminationLabel { std::size_t tokens = 0; bool other = false; };
/// "Prior MRI 11 months ago:", "Previous (acute) study:", "Today's scan again:": what stands at the start of a line or sentence.
ExaminationLabel examination_label(const Lexicon& lexicon, const Token* at, const Token* end);
// infarcts.cpp: what the history tells of the infarct that LGE shows
/// "Day 4 after primary PCI of the LAD": of an infarct whose vessel no statement names, the one vessel called its culprit.
void name_culprit(const Lexicon& lexicon, const Tokens& tokens, anatomy::Finding& finding);
/// "60-year-old, old lateral MI", "day 4 after primary PCI": the age of an infarct that the statements call none.
void date_infarct(const Lexicon& lexicon, const Tokens& tokens, anatomy::Finding& finding);
// hits.cpp: phrases
void find_hits(Passage& in, std::vector<Note>* notes);
/// "LGE of the apex, with overlying thrombus": whether a thing lies beside the place before it and does not enhance itself.
bool stands_beside(const Passage& in, const Hit& thing);
/// Whether a phrase among these tokens can say anything of LGE, or for `other`, by itself.
bool may_matter(const Lexicon& lexicon, const Token* begin, const Token* end);

// clause.cpp: the clauses that bound what phrases reach
void part_clauses(Passage& in);

// main_clauses.cpp: where another sentence begins within one. `begin`: the first token of the clause before
/// "Although the apex is akinetic, there is no LGE": the comma behind which the main clause begins. `begin`: of the clause.
bool ends_opening(const Passage& in, std::uint32_t begin, std::uint32_t comma);
/// "The initial label of takotsubo was discarded once LGE images showed ...", "... a history of syncope in whom CMR showed ...":
/// the word behind a history that begins what the examination shows; `nowhere` where none does.
std::uint32_t examination_behind(const Passage& in);
/// Parts the sentence behind what is absent at its start, "In the absence of oedema the LGE ...", and before a list of what is
/// marked as absent, "(+) inferior wall / (-) septum"; what was not done before `turn`, where CMR shows something, denies a cause.
void part_denials(Passage& in, std::uint32_t turn);
/// "It is uncertain whether the signal is real, since the long axis did not show it": behind a doubt, its reason.
bool begins_reason(const Passage& in, std::uint32_t comma);
/// "The pericardium enhances, the myocardium does not enhance", "biatrial LGE, with ventricular myocardium nulling normally":
/// behind a comma the ventricle is denied what is told of an organ.
bool turns_to_ventricle(const Passage& in, std::uint32_t comma);
/// "No new LGE, the inferolateral band persists": behind a denial of what is new, a place and its change.
bool persists(const Passage& in, std::uint32_t comma);
/// "The atrial wall enhanced, and LGE of the LV was absent", "The ECG showed an infarct, and ...": behind "and" another
/// sentence begins.
bool begins_sentence(const Passage& in, std::uint32_t begin, std::uint32_t conjunction);

// coordination.cpp
/// "LGE in the septum and the lateral wall is spared", "fibrosis of the apex, and there may be LGE in segment 4": whether behind a
/// comma or conjunction another clause begins, of a place of its own. `begin`: of the clause before.
bool begins_clause(const Passage& in, std::uint32_t begin, std::uint32_t joint);
/// "... and pericardial LGE", "... and RV function is normal", "the myocardium nulls and lymph nodes enhance": whether a conjunction
/// leads to another thing than the LGE, or the nulling, that the clause tells of.
bool begins_other_thing(const Passage& in, std::uint32_t begin, std::uint32_t conjunction);
/// "the mid anterior, inferior and lateral segments": whether a comma parts nothing but the places of one list, which "and" closes.
bool parts_places(const Passage& in, std::uint32_t comma);
/// "..., but in the apex there is scar": no exception.
bool brings_up(const Passage& in, const Hit& except);

// asides.cpp: what stands between a clause and its parts
/// "Angiography having shown no stenosis, CMR revealed a scar": behind the comma a subject with a verb, before anything is seen.
bool shows_behind(const Passage& in, std::uint32_t comma);
/// "Having excluded coronary disease, we attributed the LGE to myocarditis", "In the absence of oedema, the scar was considered
/// old": a denial at the start of the sentence ends where its main clause begins.
bool opens_sentence(const Passage& in, std::uint32_t negation, std::uint32_t comma);
/// "septum, anterior wall: not enhanced": nothing but places stand between the last semicolon and a comma.
bool lists_labels(const Passage& in, std::uint32_t comma);
/// "In the lateral wall, however, there is LGE": leaves out a word that parts clauses between commas, behind nothing but a place,
/// and what is conceded of the subject: "The lateral wall, although oedematous, has no LGE".
void drop_turns(Passage& in);
/// "Apart from the septum, the hypertrophied myocardium was free of LGE": what the ventricle behind an exception is called is no
/// observation of its own.
void drop_described_ventricle(Passage& in);
/// "The myocardium outside of the tumour is free of LGE": leaves out the mass that only says which myocardium.
void drop_surrounded(Passage& in);
/// "a scar, albeit small, in the basal inferior segment": a word or two between commas or brackets that part nothing.
bool is_aside(const Passage& in, const Hit& stop);
/// "The septum, thickened on echocardiography, showed LGE": the comma that ends what stands around a token between commas,
/// where a verb follows; `nowhere` where none does.
std::uint32_t aside_end(const Passage& in, std::uint32_t token);
/// "LGE, while absent from the septum, is present in the lateral wall": behind the second comma the sentence goes on with its
/// verb. `begin`: of the clause.
bool ends_concession(const Passage& in, std::uint32_t begin, std::uint32_t comma);
/// "LGE, which was absent from the septum, was found in the lateral wall", "LGE, present at baseline, ...": what is told between
/// commas, behind which the sentence goes on with its verb.
bool tells_aside(const Passage& in, std::uint32_t comma);
/// "Scar of the lateral wall, which would explain the ECG, was not found", "the septum, a common site, ...": what tells of a thing between commas.
bool is_relative(const Passage& in, std::uint32_t comma);
/// Whether a verb that tells something stands at a token: "Cine images, however, were normal".
bool verb_behind(const Passage& in, std::uint32_t token);
/// "a scar of 38 g (22 % of the ventricle; LV mass, 172 g) in the inferior wall": whether a semicolon only parts what a bracket
/// measures.
bool measures_in_bracket(const Passage& in, std::uint32_t semicolon);

// others.cpp: what is told of others than the patient: kin, specimens, patients at large
/// "LGE of the lateral wall is common in myocarditis": nothing else is told of a mention before what is so as a rule.
bool told_of_many(const Passage& in, const Target& t, const Hit& rule);
/// "None of the relatives who underwent CMR had LGE": kin that were examined themselves.
bool tells_of_kin(const Passage& in, const Hit& kin, const Target& t);
/// "Histology confirmed the fibrosis that CMR had shown": what a specimen holds was seen on the images as well.
bool seen_on_images(const Passage& in, const Hit& tissue, const Target& t);
/// "Unlike his father, who had LGE, the proband ...": whether the sentence goes back from others to the patient behind a mention.
bool returns_to_patient(const Passage& in, const Target& t);
/// "His brother has septal LGE", "LGE was seen in 12 of 30 patients": kin, or so many of a series, stand nearest to a mention.
bool told_of_others(const Passage& in, const Target& t);
/// Whether a clause (or with `nowhere` the sentence) names the patient.
bool names_patient(const Passage& in, std::uint32_t clause);

// assertion.cpp, denial.cpp: what is mentioned, and whether it is affirmed, denied, doubted or only asked for
void find_targets(Passage& in, const Setting& setting);
/// "LGE was not possible because of artefact": whether images that were made could not be read, where the words alone say
/// that there were none.
bool hindered(const Passage& in, const Hit& notdone);
/// True when the sentence calls the whole study unreadable.
bool judge_targets(Passage& in, const Setting& setting);
/// The hit by which tokens [first, last] are denied in their clause. `near`: also by a bare "not" and "against".
const Hit* denied(const Passage& in, std::uint32_t first, std::uint32_t last, bool near);
/// "basal 100 %, apical none": whether a word of absence is said of the place before it alone, behind amounts of other places.
bool ends_row(const Passage& in, const Hit& h);
/// "nil, incl. the RV insertion points": the denial is of what follows as well.
/// "..., even though two biopsies had been negative", "..., so a gene panel was requested": a subject that no phrase knows stands before
/// the verb of a phrase in its clause.
bool has_own_subject(const Passage& in, const Hit& verb);
bool includes_next(const Passage& in, const Hit& denial);
/// "the lateral wall included", "including the lateral wall": whether a word of including stands beside a place.
bool names_included(const Hit& emphasis, const Hit& place);
/// "the rest is negative, lateral wall included": whether a place is but named as part of what is denied before it.
bool included_in_denial(const Passage& in, const Hit& place);
/// "which was not present in 2017"
bool of_year(const Passage& in, const Hit& denial);
/// "Remaining myocardium normal on LGE": what a clause says is of the rest only. targets.cpp
bool speaks_of_rest(const Passage& in, std::uint32_t clause);
/// Of a cause.
bool infarct_name(std::string_view name);

// doubt.cpp: whether a mention is doubted
/// "The suspicion of an infarct was not confirmed": whether it is the doubt before a mention that is denied.
bool withdrawn(const Passage& in, const Target& t, const Hit& doubt);
/// "LGE in the lateral wall, and LGE in the apex cannot be excluded": whether what stands at a token is told of the mention
/// behind mention `n`, where both have a place.
bool placed_apart(const Passage& in, std::size_t n, std::uint32_t token);
/// "possible LGE in the septum", "LGE of the septum is questionable": the doubts of its own clause.
void doubt(Passage& in, std::size_t n);
/// "LGE laterally, but an artefact is possible": the next clause has no subject of its own.
void doubt_later(const Passage& in, Target& t);
/// "LGE of the septum; whether this is scar or artefact remains open": the doubt about what a pronoun stands for is about the
/// mention before.
void doubt_before(Passage& in);
/// Whether all doubts stand before the mention, "apparent LGE", where an explanation by an artifact settles them.
bool doubted_before(const Target& t);

// doubted_numbers.cpp
/// "LGE in segment 5, possible in 11": whether a number stands right behind a doubt.
bool doubts_number(const Passage& in, const Hit& hedge);
/// "5 (definite), 11 (possible)", "11 possible": the number that a doubt right behind it is of; nowhere elsewhere.
std::uint32_t doubted_number(const Passage& in, const Hit& hedge);
/// Whether a doubt before or behind the number at a token is of it alone.
bool number_doubted(const Passage& in, std::uint32_t token);
/// "5 (definite), 11 (possible)": a comma or "and" beside a number that is doubted by itself.
bool parts_doubt(const Passage& in, std::uint32_t comma);

// ellipsis.cpp
/// Gives "the pericardium enhances, the myocardium does not" the word for LGE that its second part leaves out.
void fill_ellipses(Passage& in);
/// Leaves "enhanced" out where it only describes a noun.
void read_past(Passage& in);

// alternatives.cpp
/// Leaves "either" out where it is no doubt: "either papillary muscle", not "either slow flow or a small scar".
void read_either(Passage& in);

// images.cpp: where the name of LGE is that of the images
/// "LGE did not reveal any scar", "LGE (PSIR) demonstrated a scar": the mention is only the subject of another.
bool names_images(const Passage& in, std::size_t target);
/// "LA-LGE: scar of the posterior wall", "LGE of the left atrium showed ...": the atrium that the images at the start
/// are those of.
const Hit* owner_of_images(const Passage& in);
/// "LGE limited by motion": the images, and nothing in them.
bool images_suffer(const Passage& in, const Target& t);
/// Gives "the basal, mid and apical short-axis slices" three levels, where one slice alone is a view.
void read_view_lists(Passage& in);
/// "LGE slices from base (A) to apex (D)": leaves out the levels that only tell where the slices of a figure lie.
void drop_slices(Passage& in);
/// "Short-axis late enhancement at mid-cavity level.": the level of the images that a title names, and nothing else.
Levels view_of_title(const Passage& in);
/// "Cine, T2 mapping, 2D flow and late enhancement.": what was acquired, and nothing of what was seen.
bool lists_sequences(const Passage& in);
/// The denial of all that the images could show: "LGE normal", "LGE did not bring out any abnormality".
const Hit* denied_of_images(const Passage& in, const Target& t);

// spots.cpp: which walls, levels and numbers belong to which thing
/// Whether "thickness" is only the unit of an amount: "50% of the wall thickness".
bool measures_depth(const Passage& in, const Hit& modality);
/// "LGE in the hypertrophied septum", "of the thickened pericardium": the word only describes a wall or an organ.
bool describes_place(const Passage& in, const Hit& modality);
/// "mid anterolateral, matching oedema", "apex, with aneurysm": another observation that is told beside the places before a
/// comma.
bool accompanies(const Passage& in, const Hit& modality);
void find_heads(Passage& in);
// segment_numbers.cpp: segments by number
/// "IL 5 1-25 %": whether an amount of its own stands behind the number at a token.
bool amount_follows(const Passage& in, std::uint32_t i);
/// "seg. 4 - 60 %": whether the number at a token is that of a segment, which a dash parts from its amount.
bool heads_row(const Passage& in, std::uint32_t i);
/// "CMR (14/02)": two numbers parted by a slash that stand behind no place and nothing that is seen.
bool may_be_date(const Passage& in, std::uint32_t open);
/// The numbers from token `i` on: lists and ranges of 1 to 17 ("1, 2 and 7-9", "S4/S5"), no percentages. `last` is that of
/// the list, or stays as it is when there is none.
anatomy::Segments numbers_from(const Passage& in, std::uint32_t i, std::uint32_t& last);
/// "the fourth and tenth segments", "4th segment": the ordinals right before the word; `first` is that of the list. One small
/// ordinal by itself only counts things: "a second segment".
anatomy::Segments ordinals_before(const Passage& in, const Hit& h, std::uint32_t& first);
/// The numbers behind "segments", tokens (h.last, last], or that a name such as "S4" starts.
anatomy::Segments numbers_behind(const Passage& in, const Hit& h, std::uint32_t& last);
/// "at mid level 8 and 9", "apical: 13, 14": the numbers right behind a level that are all of its ring; `last` is that of the list.
anatomy::Segments ring_numbers(const Passage& in, const Hit& level, std::uint32_t& last);
// dropped_spots.cpp
/// Leaves out the places of which nothing is said: those that once were affected, that were said in error, that hold no
/// amount or could not be read.
void drop_spots(Passage& in);
/// "The device obscured the anterior wall": whether a phrase says that what stands behind it was hidden, by what is no finding.
bool hides_place(const Passage& in, const Hit& phrase);
// sparing.cpp
/// Words of health: those that stand beside no place are left out, "with normal function", and walls called normal beside a
/// scar are spared, "base normal, mid inferior LGE". `denied_before`: the sentence before denies, and "so is the septum" goes on
/// with that.
void read_health(Passage& in, bool denied_before = false);
/// "Sparing the subendocardium": what is spared is a layer, and the walls behind it are those of the scar.
bool spares_layer(const Passage& in, const Head& head);
/// What is spared or viable takes the walls behind it ("sparing the septum"), else those right before ("septum spared").
void take_spared(Passage& in, std::uint32_t head);
void find_spots(Passage& in);
/// The head that a run of tokens [first, last] belongs to: that before it behind a preposition, else that which
/// follows closely, else that before.
std::uint32_t head_of(const Passage& in, std::uint32_t first, std::uint32_t last, std::uint32_t reach);
/// "The endocardium is spared": whether a phrase belongs to a word of sparing.
bool is_spared(const Passage& in, const Hit& hit);
// bare_numbers.cpp: segments whose numbers no word for them stands before
/// "DE: 4, 10, 15", "LGE 5 & 11": numbers right behind the thing or at the start of what stands below its heading, several
/// of them and nothing but signs or a layer behind.
void collect_numbers(Passage& in);
/// "segments 2 and 3; subepicardial in 5 and 11", "75 % in 4", "4 transmural; 10 subendocardial", "only 13 and 14 show scar":
/// numbers that no word for segments stands before.
void collect_bare_numbers(Passage& in);
// borrowed_heads.cpp
/// The head of another clause that the places of a clause without one belong to.
std::uint32_t head_elsewhere(const Passage& in, std::uint32_t clause);
// extent.cpp, cause.cpp, other.cpp: what else the sentence says
/// Whether a transmural pattern is only the unit of a percentage: "50% transmural", "transmural extent".
bool measures(const Passage& in, const Hit& pattern);
/// "51-75": a range of quarters, as depths are graded, whose sign of percent is left out; its first token.
bool is_grade(const Passage& in, std::uint32_t i);
struct Amounts { bool positive = false, zero = false; };
Amounts read_amounts(const Passage& in, Topic topic, Gathered& gathered);
void read_causes(const Passage& in, Section section, Gathered& gathered);
/// change.cpp: what is told of LGE against an earlier examination. `goes_on`: the sentence before spoke of LGE.
void read_change(const Passage& in, bool goes_on, Gathered& gathered);
/// other.cpp: "Oedema" on a line of its own.
bool titles_edema(const Passage& in);
void read_rest(const Passage& in, const Setting& setting, bool said, Gathered& gathered);

// organs.cpp
/// Gives mentions the organs they are of, and the walls of an organ to nothing.
/// "the pericardium but not the myocardium", not "with sparing of the myocardium": the ventricle right behind "but not".
bool excluded_ventricle(const Passage& in, const Hit& lv);
void read_organs(Passage& in, const Setting& setting, Gathered& gathered);

// readers.cpp: several readers of one examination
/// The nearest reader, or the consensus of several, that is named before a token.
Statement::Reader reader_at(const Passage& in, std::uint32_t token);
/// What readers say without naming LGE: "reader 2 does not", "consensus: equivocal".
void read_readers(const Passage& in, const Setting& setting, std::uint32_t sentence, Reading& reading);
/// Readers who disagree leave a doubt, unless they come to a consensus, which stands.
void settle_readers(Reading& reading);

// referred_places.cpp: places that a mention takes from what is told beside or before it
/// The head of another observation whose walls are meant: "the inferior wall is akinetic with scar".
std::uint32_t place_before(const Passage& in, const Target& t);
/// The head of another observation whose wall a mention names a part of: "oedema of the lateral wall, LGE of the basal part".
std::uint32_t whole_before(const Passage& in, std::uint32_t head, const Target& t);
/// The places of the clauses before a mention that refers to them.
void read_clause_before(const Passage& in, const Target& t, std::vector<Place>& places);
/// "Only the latter enhances": leaves the first or last of several places, where the sentence says which is meant.
void keep_one(const Passage& in, std::vector<Place>& places);
/// "LGE shows an inferior scar. Basal and mid segments are affected.": segments of the wall that the sentence before names
/// without a level, and of no whole ring. True when they are.
bool are_of_wall(const Passage& in, const Statement& before, std::vector<Place>& places);
/// Completes levels by the walls, or walls by the levels, that the sentence before told.
void take_walls_before(const std::vector<Place>& antecedent, std::vector<Place>& places);

// retold.cpp: what a sentence says of what the one before told
/// Whether a token is "it", "this", "these", not "distribution".
[[nodiscard]] bool is_pronoun(const Passage& in, std::uint32_t i);
/// What a sentence with a mention, but without a place, says of the sentence before: "It may be true enhancement.", "It is a
/// vessel and not LGE.", "That enhancement can no longer be made out." False where it only says what the LGE is: "This is most
/// likely a scar."
bool judge_before(const Passage& in, const Target& t, const Statement& s, std::vector<Statement>& statements);
/// "On the scan of 2019 LGE was seen; today there is none", "..., and it is unchanged": what became of all that a sentence tells of
/// an earlier examination.
void bring_up_to_date(Passage& in, Gathered& gathered);
/// The statements that a later sentence can speak of: the last ones, so that many of them take linear time.
template <class Statements>
auto recent(Statements& statements) {
    constexpr std::size_t most = 64;
    return std::span(statements).last(std::min(statements.size(), most));
}
/// "The earlier enhancement is no longer seen": whether a sentence says that what was before is gone.
bool former_gone(const Passage& in);
/// "LGE of the septum and of the apex. The former is unchanged. The latter can no longer be seen.": leaves out one of the two
/// places that were told last. True when it does.
bool judge_one(const Passage& in, std::vector<Statement>& statements);
/// What a sentence that begins with a pronoun and names nothing says of the one before: "It is a vessel.", "This can no longer
/// be seen.", "It is doubtful." True when it does.
bool judge_subject(const Passage& in, std::vector<Statement>& statements);

// statement.cpp: what one mention says
/// What of a sentence its mentions share.
struct Shared {
    struct Layer { const Hit* hit; std::uint32_t head; };
    struct Vessel { const Hit* hit; bool denied; };
    std::vector<Layer> patterns;   // with the head they describe
    std::vector<Vessel> vessels;   // territories of LGE
    anatomy::Segments spared;
};
Shared shared_of(const Passage& in);
/// What one mention says; nothing where it speaks of another organ or of nothing that is LGE.
std::optional<Statement> statement_of(Passage& in, std::uint32_t n, const Shared& shared, const Setting& setting, Gathered& gathered);
/// Whether places are levels alone, whose walls are told elsewhere.
bool only_levels(const std::vector<Place>& places);
/// The segments that are spared; clean insertion points are a part of the septum that leaves the rest of it open.
anatomy::Segments spared_of(const Passage& in);
/// "LAD stenosis of 70%", "occluded RCA": the vessel, not where the scar lies.
bool of_stenosis(const Passage& in, const Hit& vessel);

// sentence.cpp
/// "On the mid slice: inferior, 50 %.": places, layers, amounts and their denials, and nothing that a report says of
/// anything else.
bool lists_places_only(const Passage& in);
/// All places that a sentence names, whatever lies there.
std::vector<Place> places_named(Passage& in);
/// Whether all that the last sentence with statements told was that there is none.
bool denied_last(const Reading& reading);
/// True when the sentence spoke of LGE.
bool read_sentence(Passage& in, const Setting& setting, Gathered& gathered, Reading& reading);

/// The one change that stands for all that are told.
std::optional<Change> change_of(std::uint32_t changes, anatomy::Presence presence);

// conclude.cpp, cause.cpp: statements to the finding
void conclude(std::string_view text, const Gathered& gathered, Reading& reading);
void conclude_cause(const Gathered& gathered, Reading& reading);
/// The causes that the text rejects, once the one that stands is known.
void conclude_rejected(const Gathered& gathered, anatomy::Finding& finding);

}  // namespace lge::report
