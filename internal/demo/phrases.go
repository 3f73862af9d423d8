package demo

// phrases are what offices and parties write into a field, or beside a step ("note:" and its name).
func phrases(name string) []string {
	switch name {
	case "session_record":
		return []string{
			"双方到场。申请人讲了经过，对方承认有这件事，对数额有不同看法。约定回去各自核对后再谈。",
			"分别听了双方的说法，到现场看了情况。双方都愿意继续谈。",
			"第二次调解。对方愿意先承担一部分，申请人表示可以考虑。",
			"请村民代表一起到现场，对过去的情况做了说明，双方情绪平稳。",
		}
	case "agreement_text":
		return []string{
			"一、对方在约定日期前修好并恢复原状；二、赔偿款一次付清；三、双方今后互相照应，不再为此事争吵。",
			"一、分两次付清，每次一半；二、逾期未付的，申请人可以向法院起诉；三、双方不再提其他要求。",
			"一、晚上十点到早上六点不发出大的声响；二、如有施工提前一天告知邻居。",
		}
	case "consent_record":
		return []string{"双方当面表示同意继续调解，已在记录上签名。", "申请人当面同意，对方在电话里同意，已记录时间。"}
	case "reply_text":
		return []string{
			"已派人到现场查看，当天修好并恢复使用。如再出现同样问题，请直接拨打窗口电话。",
			"经核实情况属实，已要求责任单位整改，三日内复查。",
			"已联系您说明政策和办理需要的材料，可以到就近的便民服务点办理。",
			"该处已列入本季度改造计划，施工前会张贴告示；在此之前先做临时处理。",
			"已与双方沟通，商家同意按标价退还差额。",
		}
	case "redo_reason":
		return []string{"只是打了电话，现场没有变化。", "修了一次又坏了，请再看看。", "答复里说的日期已经过了，还没有动工。"}
	case "opinion_text":
		return []string{
			"经查，来信反映的情况基本属实。依照有关规定，对合理的请求予以支持，由责任单位在三十日内落实。",
			"经查阅档案、走访有关人员，部分情况属实。对属实的部分予以支持，其余部分缺少依据，已当面说明。",
			"反映的问题确有困难，但现行规定没有相应的安排，已说明情况并告知其他救助途径。",
			"经核查，原处理意见认定事实清楚，依据正确，予以维持。",
		}
	case "extension_reason":
		return []string{"需要到档案馆查阅早年材料，情况复杂。", "涉及两个部门的职责，需要会商。"}
	case "settlement_text":
		return []string{"双方经调解自愿和解：责任单位先行修复，信访人不再提出同一请求。"}
	case "review_reason":
		return []string{"认定的时间与实际不符，我有当时的收据。", "只答复了一部分，补偿标准没有说明。"}
	case "note:accept":
		return []string{"材料齐全，属于受理范围。", "已电话告知申请人。"}
	case "note:decline", "note:not-accept", "note:refuse":
		return []string{"经核对不属于受理范围，已告知应当走的途径和联系方式。", "同一事项正在其他机关办理，已说明情况。"}
	case "note:refer", "note:forward", "note:dispatch", "note:pass-to-reviewer", "note:pass-to-second-reviewer":
		return []string{"按职责转有权处理的单位。", "事情发生在该单位辖区，转其办理。"}
	case "note:dispatch-urgent":
		return []string{"涉及安全，请立即到现场处置。"}
	case "note:object":
		return []string{"经核对不在本单位职责范围内，建议转住房和城乡建设部门。", "地点不属本辖区，请核实后重新派送。"}
	case "note:inquiry":
		return []string{"听取了信访人和有关人员的陈述，查阅了登记材料。", "到现场查看，拍照存档。"}
	case "note:progress":
		return []string{"已到现场查看，正在联系施工队。", "配件已订，预计两天到货。", "已约定与来电人面谈的时间。"}
	case "note:return-review", "note:return-rereview":
		return []string{"不是作出原意见机关的上一级机关，请转送有权的机关。"}
	case "note:extend":
		return []string{"需要等配件到货，已告知来电人。", "涉及两个单位，需要会商。"}
	case "note:reassign":
		return []string{"原调解员外出学习，改由同事负责。"}
	case "note:fail":
		return []string{"双方分歧较大，已告知可以仲裁或者起诉。"}
	case "note:end-hearing":
		return []string{"听证会听取了双方陈述和代表意见，记录已签名。"}
	case "note:withdraw":
		return []string{"问题已经自行解决，撤回。", "暂时不需要办了。"}
	}
	return nil
}
