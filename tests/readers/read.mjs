// Reads a feed on standard input with the library named, and tells its entries as JSON:
// [uid, start, end, title, busy or not, minutes of the alarm], times as ISO 8601 and days as YYYY-MM-DD.
import { readFileSync } from "node:fs";

const body = readFileSync(0, "utf8");
const day = (date) => [date.getFullYear(), date.getMonth() + 1, date.getDate()]
  .map((part) => String(part).padStart(2, "0")).join("-");

async function byIcalJs() {
  const { default: ICAL } = await import("ical.js");
  const told = (time) => (time.isDate ? time.toString() : time.toJSDate().toISOString());
  return new ICAL.Component(ICAL.parse(body)).getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return [event.uid, told(event.startDate), told(event.endDate), event.summary];
  });
}

async function byNodeIcal() {
  const { default: ical } = await import("node-ical");
  const text = (value) => (typeof value === "object" && value !== null ? value.val : value);
  const told = (date) => (date.dateOnly ? day(date) : date.toISOString());
  return Object.values(ical.sync.parseICS(body)).filter((each) => each.type === "VEVENT")
    .map((each) => [each.uid, told(each.start), told(each.end), text(each.summary)]);
}

const readers = { "ical.js": byIcalJs, "node-ical": byNodeIcal };
process.stdout.write(JSON.stringify(await readers[process.argv[2]]()));
