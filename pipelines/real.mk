# Masks, pose and scores for a folder of real LGE stacks: IMAGES=FOLDER of NIfTI files, LABELS=FOLDER of a reader's masks
# (0 background, 1 cavity, 2-4 wall). The networks are those of the demo, trained on phantoms alone.
