/** English names for Chinese columns that occur often; others are numbered. */
const translations: Readonly<Record<string, string>> = {
  文本: "text",
  内容: "content",
  描述: "description",
  标题: "title",
  问题: "question",
  输入: "input",
  句子: "sentence",
  地址: "address",
  原文: "source",
  评论: "comment",
  正文: "body",
  标签: "label",
  类别: "category",
  分类: "category",
  类型: "type",
  意图: "intent",
  情感: "sentiment",
  行业: "sector",
  部门: "department",
  科室: "department",
  答案: "answer",
  输出: "output",
  结果: "result",
  优先级: "priority",
  状态: "status",
  日期: "date",
  金额: "amount",
  数量: "quantity",
  姓名: "name",
  电话: "phone",
  省: "province",
  市: "city",
  城市: "city",
  区: "district",
  街道: "street",
  门牌: "number",
  门牌号: "number",
  邮编: "zip",
  国家: "country",
  收件人: "recipient",
  收货人: "recipient",
  公司: "company",
  单位: "unit",
  产品: "product",
  名称: "name",
  型号: "model",
  规格: "specification",
  价格: "price",
  时间: "time",
  编码: "code",
};

/** A property name for each column: its own where it can be one, and no two alike. */
export function namePropertiesFor(columns: readonly string[], fallback: string): readonly string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    const cleaned = column
      .normalize("NFKD")
      .replace(/[^A-Za-z0-9_-]+/g, "_")
      .replace(/^[^A-Za-z]+|_+$/g, "");
    const known = translations[column.trim()];
    const wanted = known ?? (cleaned === "" ? fallback : cleaned);
    let name = wanted;
    for (let at = 2; taken.has(name) || name in Object.prototype; at++) name = `${wanted}_${at}`;
    taken.add(name);
    return name;
  });
}
