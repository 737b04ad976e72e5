# What each part is worth: detectors that lack one part or another, on patients that none of them saw. On phantoms:
#   make -f Makefile.example study    (hours; study-quick: three rows, one seed, two minutes)
# and on a labelled set (NAME_image.nii.gz, NAME_label.nii.gz; label 3 and 4 scar; TEST a file of the names to judge):
#   make -f Makefile.example study-real IMAGES=FOLDER TEST=FILE
# Training texts are reports through lge-reportparse: of phantoms those that were drawn with them, of real hearts those
# that lge-synth writes from the masks of the training patients. Every run is a target of its own: -j runs them side by
# side, and what was stopped goes on.
# Called by itself, it takes the rest from Makefile.example: make -f pipelines/study.mk weights
ifndef BUILD
include Makefile.example
else
STUDY ?= build/study
SEEDS ?= 1 2 3
STUDY_STEPS ?= 300
STUDY_SEGMENT ?= share/weights/segment.safetensors
TRAIN_PATIENTS ?= 90
TEST_PATIENTS ?= 120
STUDY_MODEL := --input image --size 64 --spacing 2 --batch 8 --steps $(STUDY_STEPS)

# --- the rows: what of the cohorts, then options of lge-train ---------------------------------------------------------
ROWS := contrastive orient synth caption init all no-orient no-synth no-caption no-init \
  compatible hard-negatives answer clauses strip strip-plain strip-scar
SYNTH := --mix real=1,synth=1
CAPTION := --caption-weight 1
INIT := --init-encoder $(STUDY_SEGMENT)
# Losses beside the contrastive one, and what of a batch is a negative.
PLAIN := --own-only --no-hard-negatives
losses = --answer-weight $(1) --clause-weight $(2) --scar-weight $(3)
BARE := $(STUDY_MODEL) --any-pose 0 $(call losses,0,0,0) $(PLAIN)
STRIP := --batch 8 --steps $(STUDY_STEPS) $(SYNTH) $(CAPTION)
OPTIONS_contrastive := $(BARE)
OPTIONS_orient := $(BARE)
OPTIONS_synth := $(BARE) $(SYNTH)
OPTIONS_caption := $(BARE) $(CAPTION)
OPTIONS_init := $(BARE) $(INIT)
OPTIONS_all := $(BARE) $(SYNTH) $(CAPTION) $(INIT)
OPTIONS_no-orient := $(OPTIONS_all)
OPTIONS_no-synth := $(BARE) $(CAPTION) $(INIT)
OPTIONS_no-caption := $(BARE) $(SYNTH) $(INIT)
OPTIONS_no-init := $(BARE) $(SYNTH) $(CAPTION)
MORE := $(STUDY_MODEL) --any-pose 0 $(SYNTH) $(CAPTION) $(INIT)
OPTIONS_compatible := $(MORE) $(call losses,0,0,0) --no-hard-negatives
OPTIONS_hard-negatives := $(MORE) $(call losses,0,0,0)
OPTIONS_answer := $(MORE) $(call losses,1,0,0)
OPTIONS_clauses := $(MORE) $(call losses,1,1,0)
OPTIONS_strip-plain := $(STRIP) $(call losses,1,1,0) --any-pose 0
OPTIONS_strip := $(STRIP) $(call losses,1,1,0)
OPTIONS_strip-scar := $(STRIP) $(call losses,1,1,1)
POSE_contrastive := stored
POSE_no-orient := stored
pose_of = $(or $(POSE_$(1)),canonical)
# Beside them, for real hearts: no text, but each slice's own label, as one fixed sentence or its denial.
REAL_ROWS = $(ROWS) classifier strip-classifier rule
OPTIONS_classifier := $(STUDY_MODEL) $(INIT) --any-pose 0 --finding-weight 0 $(call losses,1,0,0) $(PLAIN)
OPTIONS_strip-classifier := --batch 8 --steps $(STUDY_STEPS) --finding-weight 0 $(call losses,1,0,0) $(PLAIN)
# They are asked in the words that they learned; and no learning at all: the share of bright wall, which splits the
# training patients of EMIDEC about as well as it can at RULE.
prompts_of = $(if $(findstring classifier,$(1)),--prompts pipelines/slice-labels.txt)
RULE ?= 0.05
captions_of = $(if $(findstring classifier,$(1)),slice-labels,captions)
rows_of = $(if $(filter real,$(1)),$(REAL_ROWS),$(ROWS))

.PHONY: study study-real study-quick
study: build
	$(MAKE) --no-print-directory -f Makefile.example $(STUDY)/phantom/table.md $(STUDY)/phantom/curves.png
	@cat $(STUDY)/phantom/table.md
study-real: build
	@[ -d "$(IMAGES)" ] && [ -s "$(TEST)" ] || { echo "study-real: wanted IMAGES=FOLDER and TEST=FILE" >&2; exit 66; }
	$(MAKE) --no-print-directory -f Makefile.example $(STUDY)/real/table.md $(STUDY)/real/curves.png
	@cat $(STUDY)/real/table.md
study-quick: build
	$(MAKE) --no-print-directory -f Makefile.example study STUDY=$(STUDY)-quick SEEDS=1 STUDY_STEPS=200 ROWS='contrastive all strip-scar'

# --- phantom patients: native stacks in random pose, test patients of a harder population ------------------------------
$(STUDY)/phantom/train/cases.jsonl:
	mkdir -p $(@D)
	lge-synth --phantom --population wide --pose random --count $(TRAIN_PATIENTS) --seed 11 --normal-fraction 0.5 --output-dir $(@D) --force
$(STUDY)/phantom/test/cases.jsonl:
	mkdir -p $(@D)
	lge-synth --phantom --population mild --pose random --count $(TEST_PATIENTS) --seed 12 --normal-fraction 0.5 --output-dir $(@D) --force
$(STUDY)/phantom/reports.jsonl: $(STUDY)/phantom/train/cases.jsonl
	cp $(<D)/reports.jsonl $@
$(STUDY)/phantom/truth.jsonl: $(STUDY)/phantom/test/cases.jsonl
	cp $(<D)/truth.jsonl $@

# --- real patients: the same files ---------------------------------------------------------------------------------------
names_of = $(shell [ -d "$(IMAGES)" ] && cd "$(IMAGES)" && ls | sed -n 's/_image.nii.gz$$//p' | grep $(1) -xFf "$(abspath $(TEST))")
$(STUDY)/real/train/cases.jsonl $(STUDY)/real/test/cases.jsonl: $(STUDY)/real/%/cases.jsonl: $(TEST)
	mkdir -p $(@D)
	for name in $(call names_of,$(if $(filter train,$*),-v)); do \
	  cp $(IMAGES)/$${name}_image.nii.gz $(IMAGES)/$${name}_label.nii.gz $(@D)/; \
	  printf '{"schema":"lge.case/1","id":"%s","image":"%s_image.nii.gz"}\n' $$name $$name; done > $@
# The reader's masks of the training patients, in the pose that the network's masks tell, only to write their reports.
$(STUDY)/real/read.h5: $(STUDY)/real/train/canonical.h5
	jq -c '.label = (.image | sub("_image"; "_label"))' $(@D)/train/cases.jsonl > $(@D)/train/read.jsonl
	lge-orient --quiet --trust anatomy $(@D)/train/read.jsonl --landmarks $(@D)/train/orient.jsonl -o $@ --force
$(STUDY)/real/reports.jsonl: $(STUDY)/real/read.h5
	lge-synth $< --normal-fraction 1 --count $$(wc -l < $(@D)/train/cases.jsonl) --seed 1 --reports $(@D)/written.jsonl -o $(@D)/written.h5 --force
	jq -c '.id |= sub("-[0-9]{6}$$"; "")' $(@D)/written.jsonl > $@
$(STUDY)/real/slice-labels.jsonl: $(STUDY)/real/read.h5
	lge-synth --quiet $< --normal-fraction 1 --count $$(wc -l < $(@D)/train/cases.jsonl) --seed 1 --captions - -o $(@D)/written-labels.h5 --force | \
	  jq -c '.id |= sub("-[0-9]{6}$$"; "") | .text = (if .finding.lge == "present" then "There is" else "There is no" end) + " late gadolinium enhancement."' > $@
$(STUDY)/real/truth.h5: $(STUDY)/real/test/cases.jsonl
	jq -c '.label = (.image | sub("_image"; "_label"))' $< > $(@D)/test/read.jsonl
	lge-orient --quiet --trust anatomy $(@D)/test/read.jsonl -o $@ --force

# --- what the sets share: masks by the segmentation network in one look, two poses, captions -----------------------------
%/labelled.jsonl: %/cases.jsonl $(STUDY_SEGMENT)
	lge-infer --quiet --task segment --augment none --model $(STUDY_SEGMENT) $< --output-dir $(@D)/masks -o $@ --force
%/canonical.h5: %/labelled.jsonl
	lge-orient --quiet $(if $(findstring /real/,$@),--trust anatomy) $< -o $@ --records $(@D)/orient.jsonl --force
%/stored.h5: %/labelled.jsonl
	lge-orient --quiet $(if $(findstring /real/,$@),--trust anatomy) --pose stored $< -o $@ --force
%/captions.jsonl: %/reports.jsonl
	lge-reportparse $< --captions $@ -o $*/findings.jsonl --force

# --- a run: set/row-seed.jsonl are the calls of the test patients ----------------------------------------------------------
define run
$(STUDY)/$(1)/$(2)-$(3).jsonl: $(STUDY)/$(1)/train/$(call pose_of,$(2)).h5 $(STUDY)/$(1)/test/$(call pose_of,$(2)).h5 $(STUDY)/$(1)/$(call captions_of,$(2)).jsonl
	lge-train --quiet --task align $$< --captions $(STUDY)/$(1)/$(call captions_of,$(2)).jsonl $(OPTIONS_$(2)) --seed $(3) \
	  --run-dir $(STUDY)/$(1)/run/$(2)-$(3) -o $(STUDY)/$(1)/run/$(2)-$(3).safetensors --force
	lge-infer --quiet --task detect --model $(STUDY)/$(1)/run/$(2)-$(3).safetensors $(call prompts_of,$(2)) --unit case $$(word 2,$$^) -o $$@ --force
endef
$(foreach set,phantom real,$(foreach row,$(filter-out rule,$(call rows_of,$(set))),$(foreach seed,$(SEEDS),$(eval $(call run,$(set),$(row),$(seed))))))

# --- scores: a row's patients by the mean over its seeds, and beside "all" -------------------------------------------------
%/rule.jsonl: %/test/canonical.h5
	lge-infer --quiet --task detect --rule $(RULE) --unit case $< -o $@ --force
define mean
$(STUDY)/$(1)/$(2).jsonl: $(SEEDS:%=$(STUDY)/$(1)/$(2)-%.jsonl)
	jq -sc -f pipelines/mean-calls.jq $$^ > $$@
endef
$(foreach set,phantom real,$(foreach row,$(filter-out rule,$(call rows_of,$(set))),$(eval $(call mean,$(set),$(row)))))
define score
$(STUDY)/$(1)/$(2).score: $$(truth_$(1)) $(STUDY)/$(1)/$(2).jsonl $(STUDY)/$(1)/all.jsonl
	lge-score --quiet $$< $(STUDY)/$(1)/$(2).jsonl --id $(2) -o $$@ --force
	lge-score --quiet $$< $(STUDY)/$(1)/$(2).jsonl --compare $(STUDY)/$(1)/all.jsonl --id $(2) -o $(STUDY)/$(1)/$(2).against-all --force
endef
truth_phantom := $(STUDY)/phantom/truth.jsonl
truth_real := $(STUDY)/real/truth.h5
$(foreach set,phantom real,$(foreach row,$(call rows_of,$(set)),$(eval $(call score,$(set),$(row)))))
define table
$(STUDY)/$(1)/table.md: pipelines/study-table.jq $(patsubst %,$(STUDY)/$(1)/%.score,$(call rows_of,$(1)))
	jq -rs -f $$< $(patsubst %,$(STUDY)/$(1)/%.score,$(call rows_of,$(1))) $(patsubst %,$(STUDY)/$(1)/%.against-all,$(call rows_of,$(1))) > $$@
endef
$(foreach set,phantom real,$(eval $(call table,$(set))))

# --- ROC curves of some rows, by the mean over their seeds ------------------------------------------------------------------
PLOTTED ?= contrastive all clauses strip classifier rule
plotted_of = $(filter $(call rows_of,$(1)),$(PLOTTED))
define curves
$(STUDY)/$(1)/curves.png: $$(truth_$(1)) $(patsubst %,$(STUDY)/$(1)/%.jsonl,$(call plotted_of,$(1)))
	lge-plot curves $$^ $(patsubst %,--name %,$(call plotted_of,$(1))) -o $$@ --force
endef
$(foreach set,phantom real,$(eval $(call curves,$(set))))

# --- scars drawn into real normal hearts: no real scar is seen -------------------------------------------------------------
#   make -f Makefile.example study-drawn IMAGES=FOLDER NORMALS=FILE    NORMALS: the names without scar, one a line
# Five folds over all patients; detectors of each fold, one a seed, learn from scars drawn into the normal hearts of the other
# four, and judge by their mean. The threshold is set on scars drawn into hearts that a detector did not learn from: those of
# each of the other four folds on the normal ones of their own fold. The outlines are the network's.
FOLDS := 0 1 2 3 4
DRAWN := $(STUDY)/drawn
DRAWN_STEPS ?= 600
.PHONY: study-drawn
study-drawn: build
	@[ -d "$(IMAGES)" ] && [ -s "$(NORMALS)" ] || { echo "study-drawn: wanted IMAGES=FOLDER and NORMALS=FILE" >&2; exit 66; }
	$(MAKE) --no-print-directory -f Makefile.example $(DRAWN)/score.txt
	@cat $(DRAWN)/score.txt
$(DRAWN)/cases.jsonl: $(NORMALS)
	mkdir -p $(@D)
	cp $(IMAGES)/*_image.nii.gz $(IMAGES)/*_label.nii.gz $(@D)/
	for image in $(@D)/*_image.nii.gz; do name=$$(basename $$image _image.nii.gz); \
	  printf '{"schema":"lge.case/1","id":"%s","image":"%s_image.nii.gz"}\n' $$name $$name; done > $@
normal_lines = grep -Ff <(sed 's/.*/"id":"&"/' $(NORMALS))
others_of = $(foreach f,$(filter-out $(1),$(FOLDS)),$(DRAWN)/$(f)/$(2))
define fold
$(DRAWN)/$(1)/test.h5 $(DRAWN)/$(1)/learn.h5 $(DRAWN)/$(1)/own.h5 &: $(DRAWN)/labelled.jsonl
	mkdir -p $$(@D)
	awk 'NR % 5 == $(1)' $$< > $(DRAWN)/test-$(1).jsonl
	awk 'NR % 5 != $(1)' $$< | $(normal_lines) > $(DRAWN)/learn-$(1).jsonl
	$(normal_lines) $(DRAWN)/test-$(1).jsonl > $(DRAWN)/own-$(1).jsonl
	for part in test learn own; do lge-orient --quiet --trust anatomy $(DRAWN)/$$$$part-$(1).jsonl -o $$(@D)/$$$$part.h5 --force; done
$(SEEDS:%=$(DRAWN)/$(1)/drawn-%.safetensors): $(DRAWN)/$(1)/drawn-%.safetensors: $(DRAWN)/$(1)/learn.h5
	lge-train --quiet --task align $$< --mix synth=1 --steps $(DRAWN_STEPS) --batch 16 --seed $$* --run-dir $$(@D)/run-$$* -o $$@ --force
$(DRAWN)/$(1)/drawings.h5 $(DRAWN)/$(1)/drawings.jsonl &: $(DRAWN)/$(1)/own.h5
	lge-synth --quiet $$< --count 400 --normal-fraction 0.5 --seed 2 --reports $$(@D)/reports.jsonl -o $$(@D)/drawings.h5 --force
	lge-reportparse --quiet $$(@D)/reports.jsonl -o $$(@D)/drawings.jsonl --force
$(DRAWN)/$(1)/of-test.jsonl $(DRAWN)/$(1)/of-drawings.jsonl: $(DRAWN)/$(1)/of-%.jsonl: $(SEEDS:%=$(DRAWN)/$(1)/drawn-%.safetensors) $(DRAWN)/$(1)/%.h5
	for seed in $(SEEDS); do lge-infer --quiet --task detect --model $$(@D)/drawn-$$$$seed.safetensors --pooling mean --unit case $$(@D)/$$*.h5; done | \
	  jq -sc -f pipelines/mean-calls.jq > $$@
$(DRAWN)/$(1)/detections.jsonl: $(DRAWN)/truth.h5 $(DRAWN)/$(1)/of-test.jsonl $(call others_of,$(1),of-drawings.jsonl) $(call others_of,$(1),drawings.jsonl)
	lge-score --quiet $(DRAWN)/truth.h5 $$(@D)/of-test.jsonl --tune <(cat $(call others_of,$(1),of-drawings.jsonl)) \
	  --tune-truth <(cat $(call others_of,$(1),drawings.jsonl)) -o $$(@D)/tuned.jsonl --force
	jq -c --slurpfile tuned $$(@D)/tuned.jsonl '.threshold = $$$$tuned[0].threshold | .present = (.probability >= .threshold)' $$(@D)/of-test.jsonl > $$@
endef
$(foreach f,$(FOLDS),$(eval $(call fold,$(f))))
$(DRAWN)/truth.h5: $(DRAWN)/labelled.jsonl
	jq -c '.label = (.image | sub("_image"; "_label"))' $(DRAWN)/cases.jsonl > $(DRAWN)/read.jsonl
	lge-orient --quiet --trust anatomy $(DRAWN)/read.jsonl -o $@ --force
$(DRAWN)/score.txt: $(DRAWN)/truth.h5 $(FOLDS:%=$(DRAWN)/%/detections.jsonl)
	lge-score --quiet $< <(cat $(filter %.jsonl,$^)) --format table > $@
endif
