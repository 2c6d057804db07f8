"""What the checks of care texts know of other languages than English. A new language adds its words here.

Treatments are known by their names and aliases in treatments.toml, which hold several languages.
"""

import re

# Only whoever prescribed a medicine may stop it.
STOPPING = (
    re.compile(
        r"\b(stop|stopp\w+|discontinu\w+|come off|coming off|quit|pause|cease|interrupt|skip|leave out)\b"
        r"[^.!?]*\b(prescri\w+|medic\w+|drugs?|tablets?|pills?|doses?|therapy|treatment you take)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(dej(e|ar|a) de|suspend\w+|interrump\w+|abandon\w+|retir(e|ar)|salt(e|arse))\b"
        r"[^.!?]*\b(recet\w+|medic\w+|fármaco\w*|pastillas?|pildoras?|píldoras?|dosis|terapia)\b",
        re.IGNORECASE,
    ),
    re.compile(r"(أوقف|توقف|إيقاف|اقطع|قطع|امتنع)[^.!?؟]*(دواء|الدواء|أدوية|الأدوية|جرع|حبوب|وصف)"),
)

# Conditions by what people call them elsewhere: the clinic's own names are in conditions.toml.
CONDITIONS = {
    "keloid_scars": ("queloide", "queloides", "cicatrices queloides", "جدرة", "الجدرة", "ندبات الجدرة"),
    "eczema": ("eccema", "eczema", "dermatitis", "إكزيما", "الإكزيما", "أكزيما", "الأكزيما"),
    "psoriasis": ("psoriasis", "soriasis", "صدفية", "الصدفية"),
    "other_chronic_condition": ("enfermedad crónica", "مرض مزمن", "أمراض مزمنة"),
    "actinic_keratosis": ("queratosis", "queratosis actínica", "التقران", "تقران", "التقرن الشعاعي"),
    "herpes_simplex": ("herpes", "calentura", "calenturas", "هربس", "الهربس", "القوباء"),
    "diabetes": ("diabetes", "diabética", "diabético", "سكري", "السكري", "مرض السكر"),
    "pregnancy": ("embarazo", "embarazada", "حمل", "الحمل", "حامل", "الحامل"),
    "nursing": ("lactancia", "dar el pecho", "رضاعة", "الرضاعة", "مرضع"),
    "scleroderma": ("esclerodermia", "تصلب الجلد"),
    "collagen_vascular_disease": ("colagenosis", "lupus", "الذئبة", "ذئبة"),
    "cardiac_abnormality": ("cardiopatía", "enfermedad del corazón", "مرض القلب", "أمراض القلب"),
    "clotting_disorder": ("coagulación", "hemofilia", "تخثر", "التخثر", "سيولة الدم"),
    "active_infection": ("infección", "عدوى", "العدوى", "التهاب"),
    "immunosuppression": ("inmunosupresión", "inmunodeprimido", "نقص المناعة", "ضعف المناعة"),
    "immune_therapy": ("inmunoterapia", "autoinmune", "العلاج المناعي", "مناعي"),
}  # fmt: skip
