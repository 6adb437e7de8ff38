// test/differential/table.ts
var import_node_fs10 = require("node:fs");
var import_node_path12 = require("node:path");
var import_node_util = require("node:util");

// test/bases/bases.ts
var import_node_crypto = require("node:crypto");
var import_node_fs = require("node:fs");
var import_node_path = require("node:path");

// test/engines/run.ts
var import_node_child_process = require("node:child_process");
function run(command, options = {}) {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const child = (0, import_node_child_process.spawn)(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      timeout: options.timeout ?? 12e4,
      killSignal: "SIGKILL"
    });
    const text2 = { stdout: "", stderr: "", output: "" };
    for (const stream of ["stdout", "stderr"]) {
      child[stream].setEncoding("utf8").on("data", (chunk) => {
        text2[stream] += chunk;
        text2.output += chunk;
      });
    }
    child.on("error", (error) => resolve({ code: 127, ...text2, output: `${text2.output}${error.message}` }));
    child.on("close", (code, signal) => resolve({ code: code ?? (signal === "SIGKILL" ? 137 : 143), ...text2 }));
    child.stdin.on("error", () => void 0).end(options.input ?? "");
  });
}
async function mustRun(command, options = {}) {
  const finished = await run(command, options);
  if (finished.code !== 0) throw new Error(`${command.join(" ")}: exit code ${finished.code}
${finished.output.slice(-4e3)}`);
  return finished.stdout;
}

// test/bases/bases.ts
var shell = { Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], Cmd: ["/bin/sh"] };
var recipes = [
  { name: "example.test/base:1", layers: ["base"], config: shell },
  { name: "example.test/layers:1", layers: ["base", "upper", "top"], config: shell },
  {
    name: "example.test/config:1",
    layers: ["base"],
    config: {
      ...shell,
      Env: [...shell.Env, "GREETING=hello", "EMPTY="],
      User: "app",
      WorkingDir: "/home/app",
      Entrypoint: ["/bin/echo"],
      Cmd: ["from base"],
      ExposedPorts: { "8080/tcp": {} },
      Volumes: { "/srv/data": {} },
      Labels: { maintainer: "base", "example.base": "yes" },
      StopSignal: "SIGINT",
      Shell: ["/bin/ash", "-e", "-c"],
      Healthcheck: { Test: ["CMD-SHELL", "true"], Interval: 5e9, Retries: 3 }
    }
  },
  {
    name: "example.test/onbuild:1",
    layers: ["base"],
    config: { ...shell, OnBuild: ["ARG VERSION=unset", "COPY . /app/", 'RUN echo "$VERSION" > /app/version', "ENV BUILT_ON=onbuild"] }
  }
];
var architecture = process.arch === "x64" ? "amd64" : process.arch;
async function makeBases(folder) {
  await mustRun([(0, import_node_path.join)("/work/wt-harness/test/bases", "make-bases.sh"), (0, import_node_path.join)(folder, "layers")]);
  return Promise.all(recipes.map((recipe, index) => makeBase(recipe, (0, import_node_path.join)(folder, "layers"), (0, import_node_path.join)(folder, `base${index}`))));
}
async function makeBase(recipe, layerFolder, folder) {
  (0, import_node_fs.mkdirSync)((0, import_node_path.join)(folder, "blobs/sha256"), { recursive: true });
  const put = (content, mediaType) => {
    const hex = (0, import_node_crypto.createHash)("sha256").update(content).digest("hex");
    (0, import_node_fs.writeFileSync)((0, import_node_path.join)(folder, "blobs/sha256", hex), content);
    return { mediaType, digest: `sha256:${hex}`, size: content.length };
  };
  const oci = "application/vnd.oci.image";
  const layers = recipe.layers.map((layer) => put((0, import_node_fs.readFileSync)((0, import_node_path.join)(layerFolder, `${layer}.tar`)), `${oci}.layer.v1.tar`));
  const created = "2001-02-03T04:05:06Z";
  const config = put(json({
    created,
    architecture,
    os: "linux",
    config: recipe.config,
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.digest) },
    history: recipe.layers.map((layer) => ({ created, created_by: `layer ${layer}` }))
  }), `${oci}.config.v1+json`);
  const manifest = put(json({ schemaVersion: 2, mediaType: `${oci}.manifest.v1+json`, config, layers }), `${oci}.manifest.v1+json`);
  const annotations = { "io.containerd.image.name": recipe.name, "org.opencontainers.image.ref.name": recipe.name.split(":")[1] };
  const blobPath = ({ digest }) => `blobs/${digest.replace(":", "/")}`;
  (0, import_node_fs.writeFileSync)((0, import_node_path.join)(folder, "oci-layout"), json({ imageLayoutVersion: "1.0.0" }));
  (0, import_node_fs.writeFileSync)((0, import_node_path.join)(folder, "index.json"), json({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }));
  (0, import_node_fs.writeFileSync)((0, import_node_path.join)(folder, "manifest.json"), json([{ Config: blobPath(config), RepoTags: [recipe.name], Layers: layers.map(blobPath) }]));
  await mustRun(["tar", "-C", folder, "--sort=name", "-cf", `${folder}.tar`, "."]);
  return { name: recipe.name, archive: `${folder}.tar` };
}
function json(value) {
  return Buffer.from(JSON.stringify(value));
}

// test/engines/debian-docker.ts
var import_node_fs5 = require("node:fs");

// test/engines/docker-engine.ts
var import_node_child_process2 = require("node:child_process");
var import_node_fs3 = require("node:fs");
var import_node_http = require("node:http");
var import_node_path3 = require("node:path");

// test/engines/engine-folder.ts
var import_node_fs2 = require("node:fs");
var import_node_path2 = require("node:path");
var parent = process.env["STRAKE_TEST_FOLDER"] ?? "/var/tmp";
function makeFolder(purpose) {
  return (0, import_node_fs2.mkdtempSync)((0, import_node_path2.join)(parent, `strake-${purpose}-`));
}
async function removeFolder(folder) {
  const mounts = (await run(["cat", "/proc/self/mounts"])).stdout.split("\n").map((line) => line.split(" ")[1] ?? "");
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse()) await run(["umount", "-l", mount]);
  (0, import_node_fs2.rmSync)(folder, { recursive: true, force: true, maxRetries: 5 });
}

// test/engines/docker-engine.ts
function daemonArgs(folder) {
  return [
    "--data-root",
    (0, import_node_path3.join)(folder, "data"),
    "--exec-root",
    (0, import_node_path3.join)(folder, "exec"),
    "--pidfile",
    (0, import_node_path3.join)(folder, "docker.pid"),
    "-H",
    `unix://${(0, import_node_path3.join)(folder, "docker.sock")}`,
    "--bridge=none",
    "--iptables=false",
    "--ip6tables=false"
  ];
}
async function startDockerEngine(command, folder) {
  const log = (0, import_node_path3.join)(folder, "dockerd.log");
  const fd = (0, import_node_fs3.openSync)(log, "a");
  const [program = "", ...args] = command;
  const child = (0, import_node_child_process2.spawn)(program, args, { stdio: ["ignore", fd, fd], detached: true });
  child.on("error", () => void 0);
  const socket = (0, import_node_path3.join)(folder, "docker.sock");
  if (!await answers(socket, child, 3e4)) {
    await stop(child, folder, false);
    const text2 = (0, import_node_fs3.readFileSync)(log, "utf8").slice(-2e3);
    await removeFolder(folder);
    throw new Error(`the Docker Engine did not start:
${text2}`);
  }
  return { folder, host: `unix://${socket}`, pid: child.pid ?? 0, stop: () => stop(child, folder, true) };
}
async function answers(socket, child, milliseconds) {
  const end = Date.now() + milliseconds;
  while (Date.now() < end && child.exitCode === null && child.pid !== void 0) {
    if (await ping(socket)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
function ping(socket) {
  return new Promise((resolve) => {
    const call = (0, import_node_http.request)({ socketPath: socket, path: "/_ping", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on("error", () => resolve(false)).end();
  });
}
async function stop(child, folder, clean) {
  if (child.exitCode === null && child.signalCode === null && child.pid !== void 0) {
    const ended = new Promise((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 2e4);
    await ended;
    clearTimeout(timer);
  }
  if (clean) await removeFolder(folder);
}

// test/engines/need.ts
var import_node_fs4 = require("node:fs");
var import_node_path4 = require("node:path");
var folders = [...(process.env["PATH"] ?? "").split(import_node_path4.delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];
function findProgram(name) {
  return folders.map((folder) => (0, import_node_path4.join)(folder, name)).find((path) => {
    try {
      (0, import_node_fs4.accessSync)(path, import_node_fs4.constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
function unmetNeed(needs) {
  if (needs.root === true && process.getuid?.() !== 0) return "needs root";
  const missing = (needs.programs ?? []).filter((name) => findProgram(name) === void 0);
  return missing.length > 0 ? `not installed: ${missing.join(", ")}` : void 0;
}

// test/engines/debian-docker.ts
function debianDockerUnmet() {
  return unmetNeed({ root: true, programs: ["dockerd", "docker", "containerd", "runc"] });
}
var debianDockerClient = (0, import_node_fs5.existsSync)("/usr/bin/docker") ? "/usr/bin/docker" : "docker";
async function startDebianDocker(extra = []) {
  const folder = makeFolder("docker");
  return startDockerEngine([findProgram("dockerd") ?? "dockerd", ...daemonArgs(folder), ...extra], folder);
}

// test/engines/newest-root.ts
var import_node_fs6 = require("node:fs");
var import_node_path5 = require("node:path");
var newestRootFolder = process.env["STRAKE_TEST_NEWEST_ROOT"] ?? "/var/cache/strake-test/sid";
function newestRootUnmet() {
  const unmet = unmetNeed({ root: true, programs: ["unshare", "busybox", "pivot_root"] });
  if (unmet !== void 0) return unmet;
  if ((0, import_node_fs6.existsSync)((0, import_node_path5.join)(newestRootFolder, "usr/sbin/dockerd"))) return void 0;
  return `no Debian sid in ${newestRootFolder} (make it: node scripts/run-ts.mjs test/engines/make-newest-root.ts)`;
}

// test/builders/buildah.ts
var import_node_path6 = require("node:path");

// test/builders/builder.ts
function commonFlags(request2) {
  return [
    "--file",
    request2.dockerfile,
    "--network",
    "none",
    ...request2.target === void 0 ? [] : ["--target", request2.target],
    ...request2.platform === void 0 ? [] : ["--platform", request2.platform],
    ...Object.entries(request2.buildArgs ?? {}).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...Object.entries(request2.labels ?? {}).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
    ...request2.noCache === true ? ["--no-cache"] : []
  ];
}

// test/builders/buildah.ts
async function startBuildah() {
  const folder = makeFolder("buildah");
  const storage = ["--root", (0, import_node_path6.join)(folder, "root"), "--runroot", (0, import_node_path6.join)(folder, "runroot"), "--storage-driver", "overlay"];
  const reference = `containers-storage:[overlay@${(0, import_node_path6.join)(folder, "root")}+${(0, import_node_path6.join)(folder, "runroot")}]`;
  const tag = "example.test/result:1";
  return {
    name: "buildah",
    version: (await mustRun(["buildah", "--version"])).trim(),
    load: async (bases) => {
      for (const base of bases) await mustRun(["skopeo", "--insecure-policy", "copy", "-q", `docker-archive:${base.archive}:${base.name}`, `${reference}${base.name}`]);
    },
    build: async (request2) => {
      const built = await run(["buildah", ...storage, "build", "--runtime", "runc", "--identity-label=false", ...commonFlags(request2), "--layers", "--format", "docker", "--pull-never", "--tag", tag, request2.context]);
      if (built.code === 0) await mustRun(["skopeo", "--insecure-policy", "copy", "-q", `${reference}${tag}`, `docker-archive:${request2.archive}`]);
      return built;
    },
    close: () => removeFolder(folder)
  };
}

// test/engines/newest-docker.ts
var import_node_path7 = require("node:path");
function inNewestRoot(shared, command) {
  return ["unshare", "-m", (0, import_node_path7.join)("/work/wt-harness/test/engines", "enter-root.sh"), newestRootFolder, shared, ...command];
}
function newestBuildx() {
  const inRoot = (path) => (0, import_node_path7.join)(newestRootFolder, path);
  const libraries = ["usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu"].map(inRoot).join(":");
  const loader = process.arch === "arm64" ? "lib/ld-linux-aarch64.so.1" : "lib64/ld-linux-x86-64.so.2";
  return [inRoot(loader), "--library-path", libraries, inRoot("usr/libexec/docker/cli-plugins/docker-buildx")];
}
async function startNewestDocker(store = "containerd", extra = []) {
  const folder = makeFolder("newest");
  const feature = `--feature=containerd-snapshotter=${store === "containerd"}`;
  return startDockerEngine(inNewestRoot(folder, ["dockerd", ...daemonArgs(folder), feature, ...extra]), folder);
}

// test/builders/buildkit.ts
async function startNewestBuildkit() {
  const engine = await startNewestDocker();
  const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: engine.folder };
  return {
    name: "buildkit",
    version: (await mustRun([...newestBuildx(), "version"])).trim(),
    load: async (bases) => {
      for (const base of bases) await mustRun(["docker", "load", "-i", base.archive], { env });
    },
    build: (request2) => run([
      ...newestBuildx(),
      "build",
      ...commonFlags(request2),
      "--provenance=false",
      "--progress=plain",
      "--output",
      `type=oci,dest=${request2.archive}`,
      request2.context
    ], { env }),
    close: () => engine.stop()
  };
}
async function startDebianBuilder(kind) {
  const engine = await startDebianDocker();
  const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: engine.folder, DOCKER_BUILDKIT: kind === "classic" ? "0" : "1", BUILDKIT_PROGRESS: "plain" };
  const docker = (...args) => mustRun([debianDockerClient, ...args], { env });
  return {
    name: kind,
    version: (await docker("version", "--format", "{{.Server.Version}}")).trim(),
    load: async (bases) => {
      for (const base of bases) await docker("load", "-i", base.archive);
    },
    build: async (request2) => {
      const tag = "example.test/result:1";
      const built = await run([debianDockerClient, "build", ...commonFlags(request2), "--tag", tag, request2.context], { env });
      if (built.code === 0) await docker("save", "-o", request2.archive, tag);
      return built;
    },
    close: () => engine.stop()
  };
}

// test/builders/reference-builder.ts
var builders = {
  buildkit: { unmet: newestRootUnmet, start: startNewestBuildkit },
  "buildkit-0.8": { unmet: debianDockerUnmet, start: () => startDebianBuilder("buildkit-0.8") },
  buildah: { unmet: () => unmetNeed({ root: true, programs: ["buildah", "skopeo", "runc"] }), start: startBuildah },
  classic: { unmet: debianDockerUnmet, start: () => startDebianBuilder("classic") }
};
function startBuilder(name) {
  const candidate = builders[name];
  if (candidate === void 0) throw new Error(`no builder "${name}"; there are ${Object.keys(builders).join(", ")}`);
  return candidate.start();
}

// test/builders/strake.ts
var import_node_path8 = require("node:path");
var script = (0, import_node_path8.join)("/work/wt-harness/test/builders", "../../packages/cli/bin/strake.js");
var strakeCommand = process.env["STRAKE_TEST_COMMAND"]?.split(" ") ?? [process.execPath, script];
async function startStrake() {
  const folder = makeFolder("store");
  const env = { STRAKE_STORE: (0, import_node_path8.join)(folder, "store") };
  return {
    name: "strake",
    version: "this",
    load: async (bases) => {
      for (const base of bases) await mustRun([...strakeCommand, "load", "-i", base.archive], { env });
    },
    build: (request2) => run([
      ...strakeCommand,
      "build",
      ...commonFlags(request2),
      "--progress",
      "plain",
      "--output",
      `type=oci,dest=${request2.archive}`,
      request2.context
    ], { env }),
    close: () => removeFolder(folder)
  };
}

// test/differential/build-case.ts
var import_node_fs8 = require("node:fs");
var import_node_path10 = require("node:path");

// test/image/image-facts.ts
var import_node_crypto3 = require("node:crypto");

// test/image/apply-layers.ts
var import_node_path9 = require("node:path");

// test/image/tar-reader.ts
var types = {
  "": "file",
  "0": "file",
  "7": "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "char",
  "4": "block",
  "5": "directory",
  "6": "fifo"
};
function readTar(archive) {
  const entries = [];
  const global = /* @__PURE__ */ new Map();
  let next = /* @__PURE__ */ new Map();
  for (let offset = 0; offset + 512 <= archive.length; ) {
    const header = archive.subarray(offset, offset + 512);
    offset += 512;
    if (header.every((byte) => byte === 0)) continue;
    verifySum(header);
    const flag = text(header, 156, 1);
    const records = new Map([...global, ...next]);
    const size = "xgLK".includes(flag) && flag !== "" ? number(header, 124, 12) : Number(records.get("size") ?? number(header, 124, 12));
    const body = archive.subarray(offset, offset + size);
    if (body.length < size) throw new Error("the tar archive ends in the middle of a member");
    if (flag === "x") next = new Map([...next, ...paxRecords(body)]);
    else if (flag === "g") for (const [key, value] of paxRecords(body)) global.set(key, value);
    else if (flag === "L") next.set("path", beforeNul(body));
    else if (flag === "K") next.set("linkpath", beforeNul(body));
    else {
      entries.push(entryOf(header, flag, records, body));
      next = /* @__PURE__ */ new Map();
    }
    const stored = "xgLK".includes(flag) || types[flag] === "file" ? size : 0;
    offset += Math.ceil(stored / 512) * 512;
  }
  return entries;
}
function entryOf(header, flag, records, body) {
  const type = types[flag];
  if (type === void 0) throw new Error(`unknown tar member type "${flag}"`);
  const said = (key) => records.get(key)?.toString("utf8");
  const name = said("path") ?? [ustarPrefix(header), text(header, 0, 100)].filter(Boolean).join("/");
  const isDevice = type === "char" || type === "block";
  return {
    path: cleanPath(name),
    type,
    mode: number(header, 100, 8) & 4095,
    uid: Number(said("uid") ?? number(header, 108, 8)),
    gid: Number(said("gid") ?? number(header, 116, 8)),
    mtime: Number(said("mtime") ?? number(header, 136, 12)),
    link: said("linkpath") ?? text(header, 157, 100),
    device: isDevice ? `${number(header, 329, 8)}:${number(header, 337, 8)}` : "",
    xattrs: xattrsOf(records),
    content: type === "file" ? body : Buffer.alloc(0)
  };
}
function xattrsOf(records) {
  const prefix = "SCHILY.xattr.";
  return Object.fromEntries(
    [...records].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value.toString("hex")])
  );
}
function cleanPath(name) {
  return name.split("/").filter((part) => part !== "" && part !== ".").join("/");
}
function ustarPrefix(header) {
  return header.toString("latin1", 257, 263) === "ustar\0" ? text(header, 345, 155) : "";
}
function text(header, start, length) {
  return beforeNul(header.subarray(start, start + length)).toString("utf8");
}
function beforeNul(bytes) {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
function number(header, start, length) {
  const field = header.subarray(start, start + length);
  if (((field[0] ?? 0) & 128) === 0) return parseInt(text(header, start, length).trim() || "0", 8);
  const negative = field[0] === 255;
  return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, negative ? -1 : 0);
}
function paxRecords(body) {
  const records = /* @__PURE__ */ new Map();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(32, at);
    const length = Number(body.toString("latin1", at, space));
    const record = body.subarray(space + 1, at + length - 1);
    const equals = record.indexOf(61);
    records.set(record.toString("utf8", 0, equals), record.subarray(equals + 1));
    at += length;
  }
  return records;
}
function verifySum(header) {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (sum !== number(header, 148, 8)) throw new Error("a tar header has a wrong checksum");
}

// test/image/apply-layers.ts
function applyLayers(layers) {
  const tree = /* @__PURE__ */ new Map();
  for (const layer of layers) {
    const entries = readTar(layer);
    for (const entry of entries) applyWhiteout(tree, entry);
    for (const entry of entries.filter((candidate) => !isWhiteout(candidate.path))) applyEntry(tree, entry);
  }
  return tree;
}
function layerNames(layer) {
  return [...new Set(readTar(layer).filter((entry) => entry.type !== "directory").map((entry) => entry.path))].sort();
}
function isWhiteout(path) {
  return baseName(path).startsWith(".wh.");
}
function applyWhiteout(tree, entry) {
  if (!isWhiteout(entry.path)) return;
  const folder = (0, import_node_path9.dirname)(entry.path) === "." ? "" : (0, import_node_path9.dirname)(entry.path);
  if (baseName(entry.path) === ".wh..wh..opq") removeBelow(tree, folder);
  else if (!baseName(entry.path).startsWith(".wh..wh.")) remove(tree, [folder, baseName(entry.path).slice(4)].filter(Boolean).join("/"));
}
function applyEntry(tree, entry) {
  const { path, link, ...inode } = entry;
  if (path === "") return;
  if (entry.type === "hardlink") {
    const target = tree.get(link.replace(/^(\.?\/)+/, ""));
    if (target === void 0) throw new Error(`${path} is a hard link to ${link}, which is not there`);
    tree.set(path, target);
    return;
  }
  if (entry.type !== "directory") remove(tree, path);
  tree.set(path, { ...inode, link: entry.type === "symlink" ? link : "" });
}
function remove(tree, path) {
  tree.delete(path);
  removeBelow(tree, path);
}
function removeBelow(tree, folder) {
  for (const path of [...tree.keys()]) if (folder === "" || path.startsWith(`${folder}/`)) tree.delete(path);
}
function baseName(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}

// test/image/open-image.ts
var import_node_crypto2 = require("node:crypto");
var import_node_fs7 = require("node:fs");
var import_node_zlib = require("node:zlib");
function openImage(path) {
  const members = new Map(readTar((0, import_node_fs7.readFileSync)(path)).filter((entry) => entry.type !== "directory").map((entry) => [entry.path, entry.content]));
  const opened = members.has("oci-layout") ? openLayout(members) : openDockerArchive(members);
  opened.layers.forEach((layer, index) => {
    const expected = opened.config.rootfs.diff_ids[index];
    if (expected !== `sha256:${sha256(layer)}`) throw new Error(`layer ${index} has not the DiffID ${expected} that the config names`);
  });
  if (opened.layers.length !== opened.config.rootfs.diff_ids.length) throw new Error("the config names another number of layers than the manifest");
  return opened;
}
function openLayout(members) {
  const index = json2(member(members, "index.json"));
  const manifest = manifestOf(members, index.manifests);
  return {
    config: json2(blob(members, manifest.config)),
    layers: manifest.layers.map((layer) => uncompressed(blob(members, layer)))
  };
}
function manifestOf(members, candidates) {
  const chosen = candidates.find((candidate) => candidate.platform?.os !== "unknown");
  if (chosen === void 0) throw new Error("the layout holds no image");
  const found = json2(blob(members, chosen));
  return found.manifests === void 0 ? found : manifestOf(members, found.manifests);
}
function openDockerArchive(members) {
  const [manifest] = json2(member(members, "manifest.json"));
  if (manifest === void 0) throw new Error("the archive holds no image");
  return {
    config: json2(member(members, manifest.Config)),
    layers: manifest.Layers.map((layer) => uncompressed(member(members, layer)))
  };
}
function blob(members, descriptor) {
  const content = member(members, `blobs/${descriptor.digest.replace(":", "/")}`);
  if (content.length !== descriptor.size) throw new Error(`${descriptor.digest} has ${content.length} bytes, not ${descriptor.size}`);
  if (`sha256:${sha256(content)}` !== descriptor.digest) throw new Error(`${descriptor.digest} has other content than its name says`);
  return content;
}
function member(members, path) {
  const content = members.get(path);
  if (content === void 0) throw new Error(`the archive has no ${path}`);
  return content;
}
function uncompressed(layer) {
  return layer[0] === 31 && layer[1] === 139 ? (0, import_node_zlib.gunzipSync)(layer) : layer;
}
function json2(bytes) {
  return JSON.parse(bytes.toString("utf8"));
}
function sha256(bytes) {
  return (0, import_node_crypto2.createHash)("sha256").update(bytes).digest("hex");
}

// test/image/image-facts.ts
var setTime = 14e8;
function readFacts(archive) {
  const { config, layers } = openImage(archive);
  return { config: configFacts(config), history: historyFacts(config), layers: layers.map(layerNames), tree: treeFacts(applyLayers(layers)) };
}
var ignored = /* @__PURE__ */ new Set([
  "created",
  "rootfs",
  "history",
  "container",
  "container_config",
  "docker_version",
  "parent",
  "moby.buildkit.buildinfo.v1",
  "moby.buildkit.cache.v0",
  "Hostname",
  "Domainname",
  "AttachStdin",
  "AttachStdout",
  "AttachStderr",
  "Tty",
  "OpenStdin",
  "StdinOnce",
  "Image"
]);
function configFacts(config) {
  const { config: container, ...rest } = config;
  return Object.fromEntries(
    [...Object.entries(rest), ...Object.entries(container ?? {})].filter(([name, value]) => !ignored.has(name) && !isEmpty(value)).sort(([a], [b]) => a < b ? -1 : 1)
  );
}
function isEmpty(value) {
  if (value === null || value === void 0 || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
function historyFacts(config) {
  return (config.history ?? []).map((entry) => ({
    created_by: String(entry["created_by"] ?? "").replace(/ # (buildkit|strake)$/, " # <builder>"),
    comment: String(entry["comment"] ?? "").replace(/^(buildkit|strake)\./, "<builder>."),
    author: String(entry["author"] ?? ""),
    empty_layer: entry["empty_layer"] === true
  }));
}
function treeFacts(tree) {
  const groups = /* @__PURE__ */ new Map();
  for (const [path, inode] of tree) groups.set(inode, [...groups.get(inode) ?? [], path]);
  return Object.fromEntries([...tree].sort(([a], [b]) => a < b ? -1 : 1).map(([path, inode]) => [path, fileFacts(inode, groups.get(inode) ?? [])]));
}
function fileFacts(inode, names) {
  return {
    type: inode.type,
    mode: inode.type === "symlink" ? "" : inode.mode.toString(8),
    owner: `${inode.uid}:${inode.gid}`,
    link: inode.link,
    device: inode.device,
    xattrs: JSON.stringify(Object.entries(inode.xattrs).sort()),
    size: inode.type === "file" ? String(inode.content.length) : "",
    sha256: inode.type === "file" ? (0, import_node_crypto3.createHash)("sha256").update(inode.content).digest("hex") : "",
    names: names.length > 1 ? [...names].sort().join(" ") : "",
    mtime: inode.mtime < setTime ? String(inode.mtime) : "of the build"
  };
}

// test/differential/named-line.ts
var forms = [/(?:^|[\s/])Dockerfile:(\d+)(?::\d+)?\b/m, /\bon line (\d+)/, /\bline (\d+)[:\s]/];
function namedLine(output) {
  for (const form of forms) {
    const found = form.exec(output)?.[1];
    if (found !== void 0) return Number(found);
  }
  return null;
}

// test/differential/build-case.ts
async function buildCase(builder, definition, prepared, folder) {
  const { target, platform, buildArgs, labels } = definition.options;
  const archive = (0, import_node_path10.join)(folder, `${builder.name}.tar`);
  const outcome = await builder.build({ ...prepared, archive, target, platform, buildArgs, labels });
  if (outcome.code !== 0) return { kind: "refused", line: namedLine(outcome.output), output: outcome.output.slice(-4e3) };
  try {
    return { kind: "built", facts: readFacts(archive) };
  } finally {
    (0, import_node_fs8.rmSync)(archive, { force: true });
  }
}

// test/differential/cases.ts
var import_node_fs9 = require("node:fs");
var import_node_path11 = require("node:path");
function listCases(group) {
  const parent2 = (0, import_node_path11.join)("/work/wt-harness/test/differential", group);
  return (0, import_node_fs9.readdirSync)(parent2).sort().map((name) => {
    const folder = (0, import_node_path11.join)(parent2, name);
    const file = (0, import_node_path11.join)(folder, "case.json");
    return { name, folder, options: (0, import_node_fs9.existsSync)(file) ? JSON.parse((0, import_node_fs9.readFileSync)(file, "utf8")) : {} };
  });
}
var contextTime = 981173106;
async function prepareCase(definition, folder) {
  const context = (0, import_node_path11.join)(folder, "context");
  (0, import_node_fs9.mkdirSync)(context, { recursive: true });
  const source = (0, import_node_path11.join)(definition.folder, "context");
  if ((0, import_node_fs9.existsSync)(source)) (0, import_node_fs9.cpSync)(source, context, { recursive: true, verbatimSymlinks: true });
  const dockerfile = (0, import_node_path11.join)(context, "Dockerfile");
  (0, import_node_fs9.cpSync)((0, import_node_path11.join)(definition.folder, "Dockerfile"), dockerfile);
  eachBelow(context, (path, stats) => {
    if (!stats.isSymbolicLink()) (0, import_node_fs9.chmodSync)(path, stats.isDirectory() || (stats.mode & 64) !== 0 ? 493 : 420);
  });
  const script2 = (0, import_node_path11.join)(definition.folder, "prepare.sh");
  if ((0, import_node_fs9.existsSync)(script2)) await mustRun(["bash", "-euc", `umask 022; . "${script2}"`], { cwd: context });
  eachBelow(context, (path) => (0, import_node_fs9.lutimesSync)(path, contextTime, contextTime));
  return { context, dockerfile };
}
function eachBelow(path, visit) {
  const stats = (0, import_node_fs9.lstatSync)(path);
  if (stats.isDirectory()) for (const name of (0, import_node_fs9.readdirSync)(path)) eachBelow((0, import_node_path11.join)(path, name), visit);
  visit(path, stats);
}

// test/image/compare-facts.ts
function compareFacts(expected, actual) {
  return [
    ...compareRecords("config.", expected.config, actual.config),
    ...compareLists("history", expected.history, actual.history),
    ...compareLists("layers", expected.layers, actual.layers),
    ...compareTrees(expected.tree, actual.tree)
  ];
}
function compareRecords(prefix, expected, actual) {
  const names = [.../* @__PURE__ */ new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  return names.flatMap((name) => difference(`${prefix}${name}`, expected[name], actual[name]));
}
function compareLists(name, expected, actual) {
  const count = Math.max(expected.length, actual.length);
  return [
    ...difference(`${name}.length`, expected.length, actual.length),
    ...Array.from({ length: count }, (_, index) => {
      const [left, right] = [expected[index], actual[index]];
      return isRecord(left) && isRecord(right) ? compareRecords(`${name}[${index}].`, left, right) : difference(`${name}[${index}]`, left, right);
    }).flat()
  ];
}
function compareTrees(expected, actual) {
  const paths = [.../* @__PURE__ */ new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  return paths.flatMap((path) => {
    const [left, right] = [expected[path], actual[path]];
    return left !== void 0 && right !== void 0 ? compareRecords(`tree:${path}.`, left, right) : difference(`tree:${path}`, left?.["type"], right?.["type"]);
  });
}
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function difference(where, expected, actual) {
  const [left, right] = [print(expected), print(actual)];
  return left === right ? [] : [{ where, expected: left, actual: right }];
}
function print(value) {
  if (value === void 0) return "(absent)";
  return JSON.stringify(value, (_key, inner) => isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1)) : inner);
}

// test/differential/compare-results.ts
function compareResults(reference, actual) {
  if (reference.kind === "built" && actual.kind === "built") return compareFacts(reference.facts, actual.facts);
  if (reference.kind !== actual.kind) return [{ where: "result", expected: summary(reference), actual: summary(actual) }];
  return [];
}
function summary(result) {
  return result.kind === "built" ? "built" : `refused:
${result.output.slice(-1500)}`;
}

// test/differential/intended.ts
var intendedDifferences = {};
function unexplained(differences, named = []) {
  const unknown = named.filter((name) => intendedDifferences[name] === void 0);
  if (unknown.length > 0) throw new Error(`not in intended.ts: ${unknown.join(", ")}`);
  const active = Object.entries(intendedDifferences).filter(([name, intended]) => intended.everywhere === true || named.includes(name));
  return differences.filter((difference2) => !active.some(([, intended]) => intended.explains(difference2)));
}

// test/differential/table.ts
var { values } = (0, import_node_util.parseArgs)({
  options: {
    builders: { type: "string", default: "buildkit,strake" },
    group: { type: "string", default: "cases" },
    only: { type: "string", default: "" },
    ignore: { type: "string", default: "" }
  }
});
async function main() {
  const folder = makeFolder("table");
  const bases = await makeBases((0, import_node_path12.join)(folder, "bases"));
  const started = [];
  try {
    for (const name of values.builders.split(",")) {
      const builder = name === "strake" ? await startStrake() : await startBuilder(name);
      started.push(builder);
      await builder.load(bases);
    }
    await compareAll(started, folder);
  } finally {
    for (const builder of started) await builder.close();
    await removeFolder(folder);
  }
}
async function compareAll(started, folder) {
  const ignored2 = values.ignore.split(",").filter(Boolean);
  const totals = started.map(() => 0);
  const definitions = listCases(values.group === "refused" ? "refused" : "cases").filter((definition) => definition.name.includes(values.only));
  for (const definition of definitions) {
    const own = (0, import_node_path12.join)(folder, definition.name);
    (0, import_node_fs10.mkdirSync)(own);
    const prepared = await prepareCase(definition, own);
    const results = [];
    for (const builder of started) results.push(await buildCase(builder, definition, prepared, own));
    const [reference] = results;
    if (reference === void 0) return;
    const cells = results.map((result, index) => {
      const differences = index === 0 ? [] : unexplained(compareResults(reference, result), definition.options.intended).filter(({ where }) => !ignored2.some((part) => where.startsWith(part)));
      if (differences.length === 0) totals[index] = (totals[index] ?? 0) + 1;
      const line = result.kind === "refused" ? ` line ${result.line ?? "-"}` : "";
      return { text: `${result.kind}${line}${index === 0 ? "" : `, ${differences.length} differences`}`, differences };
    });
    print2(`| ${definition.name} | ${cells.map((cell) => cell.text).join(" | ")} |`);
    for (const { differences } of cells) for (const { where, expected, actual } of differences.slice(0, 12)) print2(`    ${where}
      expected ${clip(expected)}
      actual   ${clip(actual)}`);
  }
  print2(`agree: ${started.map((builder, index) => `${builder.name} ${totals[index]}/${definitions.length}`).join(", ")}`);
}
function clip(text2) {
  return text2.length > 600 ? `\u2026${text2.slice(-600)}` : text2;
}
function print2(line) {
  process.stdout.write(`${line}
`);
}
main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}
`);
  process.exitCode = 1;
});
