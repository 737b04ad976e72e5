# Masks, pose, calls and scores for a folder of real LGE stacks: IMAGES=FOLDER of NIfTI files NAME_image.nii.gz,
# LABELS=FOLDER of a reader's masks NAME_label.nii.gz (0 background, 1 cavity, 2-4 wall; may be the same folder).
# Without LABELS there are no scores. The networks are the released ones, trained on phantoms alone.
REAL_NAMES := $(patsubst %_image.nii.gz,%,$(notdir $(wildcard $(IMAGES)/*_image.nii.gz)))

real: build
	@[ -n "$(REAL_NAMES)" ] || { echo "real: no NAME_image.nii.gz in IMAGES='$(IMAGES)'" >&2; exit 66; }
	$(MAKE) --no-print-directory -f Makefile.example $(if $(LABELS),$(REAL)/table.txt) $(REAL)/montage.png
	@$(if $(LABELS),cat $(REAL)/table.txt,jq -r 'select(.unit == "case") | [.id, if .present then "present" else "absent" end, (.probability * 100 | round / 100)] | @tsv' $(REAL)/detections.jsonl)
	@echo "calls: $(REAL)/detections.jsonl   picture: $(REAL)/montage.png"

$(REAL)/masks/.done: $(REAL_NAMES:%=$(IMAGES)/%_image.nii.gz)
	lge-infer --task segment --model $(WEIGHTS)/segment.safetensors $^ --output-dir $(REAL)/masks --keep-going --force || [ $$? = 65 ]
	touch $@
$(REAL)/cohort.h5: $(REAL)/masks/.done
	lge-orient --quiet --trust anatomy --keep-going $(REAL_NAMES:%=$(IMAGES)/%_image.nii.gz) \
	  $(REAL_NAMES:%=--label $(REAL)/masks/%_image.nii.gz) --records $(REAL)/orient.jsonl -o $@ --force || [ $$? = 65 ]
$(REAL)/detections.jsonl: $(REAL)/cohort.h5
	lge-infer --task detect --model $(WEIGHTS)/align.safetensors $< -o $@ --force
$(REAL)/table.txt: $(REAL)/detections.jsonl
	lge-dice $(LABELS) $(REAL)/masks --reference-suffix _label --prediction-suffix _image --label myocardium --label lv_cavity \
	  --summary --format table > $@
$(REAL)/montage.png: $(REAL)/cohort.h5 $(REAL)/detections.jsonl
	lge-plot montage $< --detections $(REAL)/detections.jsonl -o $@ --force
