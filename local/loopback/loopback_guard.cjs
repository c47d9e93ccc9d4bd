// Refuses every connection of a Node.js process that would leave this machine.
// Preloaded through NODE_OPTIONS; http, https, fetch and the AWS SDK all end in Socket.connect.
"use strict";

const net = require("node:net");

const connect = net.Socket.prototype.connect;

function isLoopback(host) {
  const name = String(host).replace(/^\[|\]$/g, "").replace(/\.$/, "").toLowerCase();
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  return (net.isIPv4(name) && name.startsWith("127.")) || name === "::1";
}

function hostOf(args) {
  // Node's own callers hand over one array of [options, callback].
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (first !== null && typeof first === "object") {
    return first.path ? "localhost" : first.host || "localhost";
  }
  const isPort = typeof first === "number" || /^\d+$/.test(String(first));
  return isPort && typeof second === "string" ? second : "localhost";
}

net.Socket.prototype.connect = function (...args) {
  const host = hostOf(args);
  if (isLoopback(host)) return connect.apply(this, args);
  const refusal = new Error(`connection to ${host} refused: it is not this machine`);
  process.nextTick(() => this.destroy(refusal));
  return this;
};
