"""Examples of the OpenAPI page; every firm and number in them is invented."""

DECLARATION = {
    "declaration_id": "530120240301000001-1",
    "declared_at": "2024-03-01T09:30:00+08:00",
    "enterprise_id": "91350100M000100Y43",
    "hs_code": "8516101000",
    "goods_name": "电热水壶",
    "brand": "示例牌",
    "origin": "VN",
    "departure": "VN",
    "port": "深圳蛇口",
    "trade_mode": "一般贸易",
    "quantity": 1200,
    "unit": "台",
    "net_weight_kg": 960,
    "value_cny": 84000.5,
    "lot_id": "L20240117-A",
}
REPORT = {
    "report_id": "12315-20240228-0007",
    "channel": "12315",
    "received_at": "2024-02-28T15:04:00+08:00",
    "title": "电热水壶漏电",
    "text": "新买的进口电热水壶烧水时漏电，手被麻了一下，底座还有焦味。",
    "goods_name": "电热水壶",
    "hs_code": "8516",
    "origin": "VN",
}
EVIDENCE = {"kind": "report", "id": REPORT["report_id"]}
REASON = {
    "feature": "origin_hs4_annotation_hazard_electric_shock_count_90d",
    "value": 12.0,
    "contribution": 0.84,
    "zh": "同产地同类商品近90天触电投诉12起，为平时的4倍",
    "en": "12 electric shock complaints about such goods of this origin in the last 90 days, "
    "4 times the usual",
    "evidence": [EVIDENCE],
}
PUBLIC_REASONS = [
    {
        "zh": "依照进出口商品检验法律法规和“双随机、一公开”要求实施查验",
        "en": "Inspected under the laws on the inspection of imports and exports, "
        "which include random selection",
    },
    {
        "zh": "考虑了该类商品的质量安全状况",
        "en": "The quality and safety of such goods was considered",
    },
]
DECISION = {
    "known_at": "2024-03-01T01:30:02Z",
    "decision_id": "530120240301000001-1@1709256602000",
    "declaration_id": DECLARATION["declaration_id"],
    "decided_at": "2024-03-01T01:30:02Z",
    "likelihood": 0.31,
    "likelihood_low": 0.12,
    "likelihood_high": 0.55,
    "inspections_known": 14,
    "severity": 3,
    "level": "high",
    "lane": "sampling",
    "inclusion_probability": 1.0,
    "draw": 0.4172,
    "commitment": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "items": [
        {
            "hazard": "electric_shock",
            "zh": "电气强度与接地检查",
            "en": "dielectric strength and earthing",
            "why_zh": "近 90 天有 12 条不合格或风险信息，此前 640 天共 21 条：上升",
            "why_en": "12 failures or reports in 90 days, 21 in the 640 before: rising",
            "evidence": [EVIDENCE],
        }
    ],
    "effects": [
        {
            "cause": "floor",
            "id": "",
            "least": 0.3,
            "most": 1.0,
            "lane": None,
            "zh": "随机抽查下限 30%",
            "en": "at least 30% of such lines by lot",
            "evidence": [],
        },
        {
            "cause": "risk",
            "id": "",
            "least": 1.0,
            "most": 1.0,
            "lane": "sampling",
            "zh": "每工时可避免损害 1.55，达到此时价格 0.92",
            "en": "an hour averts 1.55 of harm, the price now is 0.92",
            "evidence": [],
        },
    ],
    "selection": "risk",
    "price": 0.92,
    "sample_size": 32,
    "port": DECLARATION["port"],
    "hours": 2.0,
    "hours_expected": 2.04,
    "hours_asked": 0.41,
    "reasons": [REASON],
    "public_reasons": PUBLIC_REASONS,
    "model_version": "risk/3",
    "policy_version": "2b1f0c9d7e55",
    "matrix_version": "7c1d9a20b3ee",
    "rules_version": "b04f1c2d9a77",
    "degraded": False,
}
CERTIFICATE = {
    "certificate_id": "T1-2024-00017",
    "issuer_id": "T1",
    "issuer": "third_party",
    "issued_at": "2024-02-20T10:00:00+08:00",
    "outcome": "pass",
    "scope": {"enterprise": DECLARATION["enterprise_id"], "hs4": "8516", "brand": "示例牌"},
    "valid_until": "2025-02-20T10:00:00+08:00",
    "items": ["电气强度与接地检查"],
}
CERTIFIED = {
    **CERTIFICATE,
    "known_at": "2024-03-01T01:30:02Z",
    "issued_at": "2024-02-20T02:00:00Z",
    "valid_until": "2025-02-20T02:00:00Z",
}
DRAW = {"day": "2024-03-01", "commitment": DECISION["commitment"], "secret": None}
ANNOTATION = {
    "known_at": "2024-03-01T01:30:02Z",
    "report_id": REPORT["report_id"],
    "model_version": "linear-5d41402abc4b",
    "annotated_at": "2024-03-01T01:30:02Z",
    "relevant": True,
    "category": "quality",
    "hazards": ["electric_shock"],
    "severity": 3,
    "sentiment": -0.8,
    "credibility": None,
    "confidence": {"category": 0.93},
    "uncertain": [],
    "evidence": [{"start": 17, "end": 19, "words": "漏电", "answer": "hazard:electric_shock"}],
}
REVIEW = {
    "review_id": "qa-2024-000123",
    "subject": "annotation",
    "subject_id": f"{REPORT['report_id']}@{ANNOTATION['model_version']}",
    "verdict": "correct",
    "reviewer": "复核员甲",
    "reviewed_at": "2024-03-01T09:45:00+08:00",
    "note": "已电话核实",
    "corrections": {"category": "safety", "hazards": "electric_shock,burn", "severity": "2"},
}
REVIEWED = {
    **REVIEW,
    "known_at": "2024-03-01T02:00:00Z",
    "reviewed_at": "2024-03-01T01:45:00Z",
}
READY = {"status": "ready", "degraded": False, "champion": "risk/3", "facts": 51234, "notes": {}}
