"use strict";
// Shows /openapi.json: one fold per operation, with its parameters, body, answers and a line for curl.

const make = (name, text, ...children) => {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  element.append(...children.filter(Boolean));
  return element;
};

const resolve = (whole, part) => {
  if (!part || !part.$ref) return part || {};
  return part.$ref.slice(2).split("/").reduce((place, key) => place[key.replace(/~1/g, "/")], whole);
};

const kindOf = (whole, schema) => {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.oneOf) return schema.oneOf.map((one) => kindOf(whole, one)).join(" or ");
  if (schema.type === "array") return `list of ${kindOf(whole, schema.items)}`;
  if (schema.const) return JSON.stringify(schema.const);
  return [].concat(schema.type || "anything").join(" or ");
};

const rows = (whole, schema, depth) => {
  const found = [];
  for (const [name, field] of Object.entries(schema.properties || {})) {
    const must = (schema.required || []).includes(name);
    found.push(make("tr", null,
      make("td", null, make("code", "\u00a0\u00a0".repeat(depth) + name)),
      make("td", kindOf(whole, field) + (must ? "" : ", may be absent")),
      make("td", field.description || "")));
    const inner = field.$ref ? field : field.items;
    if (depth < 2 && inner && inner.$ref) found.push(...rows(whole, resolve(whole, inner), depth + 1));
  }
  return found;
};

const fields = (whole, schema) => make("table", null, ...rows(whole, resolve(whole, schema), 0));

const parameters = (operation) => make("table", null, ...(operation.parameters || []).map((parameter) => make("tr", null,
  make("td", null, make("code", parameter.name)),
  make("td", parameter.in + (parameter.required ? ", required" : "")),
  make("td", parameter.description || ""))));

const curl = (path, verb, operation, media) => {
  const parts = ["curl"];
  if (verb !== "get") parts.push("-X", verb.toUpperCase());
  parts.push(`"${location.origin}${path}"`);
  if (operation.security && operation.security.length) parts.push('-H "Authrocket-Api-Key: $KEY" -H "Authrocket-Realm: $REALM"');
  if (media && media.example && Object.keys(media.example).length) {
    parts.push(`-H "Content-Type: application/json" -d '${JSON.stringify(media.example)}'`);
  }
  return parts.join(" ");
};

const fold = (whole, path, verb, operation) => {
  const media = operation.requestBody && operation.requestBody.content["application/json"];
  const inside = make("div", null,
    make("p", operation.description || (operation.security.length ? "" : "LoginRocket: answers at the realm's own host, without a key.")),
    make("pre", curl(path, verb, operation, media)));
  if ((operation.parameters || []).length) inside.append(make("h3", "Parameters"), parameters(operation));
  if (media) inside.append(make("h3", "Body"), fields(whole, media.schema));
  for (const [status, answer] of Object.entries(operation.responses)) {
    const told = resolve(whole, answer);
    if (status[0] === "2") {
      inside.append(make("h3", `Answer ${status}`), fields(whole, told.content["application/json"].schema));
    } else {
      inside.append(make("p", null, make("code", status), ` ${told.description}`));
    }
  }
  const element = make("details", null,
    make("summary", null, make("b", verb.toUpperCase()), make("code", path), make("span", ` ${operation.summary}`)), inside);
  element.dataset.words = `${verb} ${path} ${operation.operationId} ${operation.summary}`.toLowerCase();
  return element;
};

const show = (whole) => {
  document.getElementById("about").textContent = `${whole.info.description} Version ${whole.info.version}.`;
  const main = document.getElementById("operations");
  main.replaceChildren();
  const groups = new Map();
  for (const [path, item] of Object.entries(whole.paths)) {
    for (const [verb, operation] of Object.entries(item)) {
      const name = operation.tags[0];
      if (!groups.has(name)) groups.set(name, make("section", null, make("h2", name)));
      groups.get(name).append(fold(whole, path, verb, operation));
    }
  }
  main.append(...[...groups.keys()].sort().map((name) => groups.get(name)));
  document.getElementById("find").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const element of main.querySelectorAll("details")) element.hidden = !element.dataset.words.includes(wanted);
    for (const section of main.querySelectorAll("section")) section.hidden = !section.querySelector("details:not([hidden])");
  });
};

fetch("/openapi.json")
  .then((response) => response.json())
  .then(show)
  .catch((error) => document.getElementById("operations").replaceChildren(make("p", `The document cannot be shown: ${error}`)));
