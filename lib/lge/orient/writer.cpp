#include "lge/orient/writer.hpp"

#include "lge/base/error.hpp"
#include "lge/orient/inverse.hpp"
#include "lge/orient/record.hpp"

#include <filesystem>

namespace lge::orient {
namespace {

bool is_nifti_name(const std::string& path) { return path.ends_with(".nii") || path.ends_with(".nii.gz"); }

/// FOLDER/ID_aha.nii.gz.
std::string file_of(const std::string& folder, const std::string& id) {
    if (id.find('/') != std::string::npos || id.starts_with('.')) throw Error(ExitCode::bad_data, "a case id that is no file name, wanted one without / and leading dot");
    return (std::filesystem::path(folder) / (id + "_aha.nii.gz")).string();
}

}  // namespace

Format Targets::pixel_format() const { return format.value_or(pixels && is_nifti_name(*pixels) ? Format::nifti : Format::h5); }

Writer::Writer(Targets targets, const std::vector<Case>& cases, Overwrite overwrite) : targets_(std::move(targets)), overwrite_(overwrite), many_(cases.size() > 1) {
    const auto one_case = [&](const char* option) {
        if (many_) throw Error(ExitCode::usage, std::string(option) + ": it takes one case");
    };
    if (targets_.pixels && targets_.pixel_format() == Format::nifti) one_case("--output: as NIfTI");
    if (targets_.label) one_case("--label-output");
    if (targets_.transform && targets_.transform->ends_with(".tfm")) one_case("--transform: as .tfm");
    std::error_code error;
    if (targets_.aha && many_ && *targets_.aha == "-") one_case("--aha: on standard output");
    const bool folder = targets_.aha && (many_ || targets_.aha->ends_with('/') || std::filesystem::is_directory(*targets_.aha, error));

    std::vector<std::string> files;
    for (const auto* path : {&targets_.pixels, &targets_.label, &targets_.records, &targets_.transform, &targets_.aha})
        if (*path && (path != &targets_.aha || !folder)) files.push_back(**path);
    refuse_shared_outputs(files);
    for (const auto& file : files) {
        for (const auto& c : cases)
            for (const auto& input : {c.image.path, c.label, c.landmark_file})
                if (!input.empty()) refuse_same_file(input, file);
        const bool text = file == targets_.records || file == targets_.transform;
        if (Output& output = outputs_.try_emplace(file, file, overwrite_).first->second; !text) output.refuse_terminal();
    }
    if (folder) {
        make_folder(*targets_.aha);
        many_ = true;
    }
}

void Writer::add(const Case& c, const Oriented& o, const Canvas& canvas, const io::History& history) {
    io::History own = history;
    own.inputs = o.hashes;
    inputs_.insert(inputs_.end(), o.hashes.begin(), o.hashes.end());
    const auto to = [&](const std::optional<std::string>& path) -> Output& { return outputs_.at(*path); };
    if (targets_.records) to(targets_.records).write(write_record(c.id, o.pose, o.canonical ? std::optional(o.canonical->intensity) : std::nullopt));
    if (targets_.transform && !o.pose.has(Problem::lv_missing)) {
        const auto transform = canonical_to_source(o.pose);
        to(targets_.transform).write(targets_.transform->ends_with(".tfm") ? write_itk_transform(transform) : write_transform(c.id, transform));
    }
    if (o.aha) {
        const auto bytes = [&](const std::string& path) { return encode_native(io::to_nifti(*o.aha), o.header, own, io::wants_gzip(path)); };
        if (outputs_.contains(*targets_.aha)) to(targets_.aha).write(bytes(*targets_.aha));
        else if (const auto path = file_of(*targets_.aha, c.id); true) write_file(path, overwrite_, bytes(path));
    }
    if (!o.canonical) return;
    ++made_;
    if (targets_.label) {
        if (!o.canonical->label) throw Error(ExitCode::bad_data, display_name(c.image.path) + ": no label map for --label-output");
        to(targets_.label).write(io::encode_nifti(io::to_nifti(*o.canonical->label), &own, io::wants_gzip(*targets_.label)));
    }
    if (targets_.pixels && targets_.pixel_format() == Format::nifti) {
        to(targets_.pixels).write(io::encode_nifti(io::to_nifti(o.canonical->image), &own, io::wants_gzip(*targets_.pixels)));
    } else if (targets_.pixels) {
        cohort_.width = cohort_.height = canvas.size;
        cohort_.spacing_mm = canvas.spacing.value;
        cohort_.normalisation = description(canvas.normalise);
        append(cohort_, *o.canonical);
    }
}

void Writer::commit(io::History history) {
    if (targets_.pixels) {
        if (made_ == 0) throw Error(ExitCode::bad_data, "no case could be oriented");
        if (targets_.pixel_format() == Format::h5) {
            history.inputs = inputs_;
            cohort_.history = history.json();
            outputs_.at(*targets_.pixels).write(io::encode_cohort(cohort_));
        }
    }
    for (auto& [path, output] : outputs_) output.commit();
}

}  // namespace lge::orient
