//! Corpus a: what clusters, phones and servers write, in the grammar of each program and our own words.

use crate::random::Random;
use crate::values::ipv4;

const PROGRAMS: [fn(&mut Random) -> String; 8] = [hadoop, hdfs, zookeeper, linux, apache, android, windows, openstack];

/// A run of lines of one program.
pub fn run(r: &mut Random) -> String {
    let program = PROGRAMS[r.number(0, 7) as usize];
    (0..r.number(10, 200)).map(|_| program(r) + "\n").collect()
}

fn clock(r: &mut Random) -> String {
    format!("{:02}:{:02}:{:02}", r.number(0, 23), r.number(0, 59), r.number(0, 59))
}

fn hadoop(r: &mut Random) -> String {
    let thread = match r.number(0, 3) {
        0 => "main".to_string(),
        1 => format!("IPC Server handler {} on {}", r.number(0, 29), r.number(40_000, 65_000)),
        2 => "AsyncDispatcher event handler".to_string(),
        _ => format!("RMCommunicator Allocator #{}", r.number(0, 9)),
    };
    let job = format!("{}_{:04}", r.number(1_445_000_000_000, 1_445_999_999_999), r.number(1, 40));
    let message = match r.number(0, 5) {
        0 => format!(
            "org.apache.hadoop.mapred.TaskAttemptListenerImpl: Attempt attempt_{job}_m_{:06}_0 reports progress {:.6}",
            r.number(0, 20),
            r.number(0, 999_999) as f64 / 1e6
        ),
        1 => format!(
            "org.apache.hadoop.mapreduce.v2.app.rm.RMContainerAllocator: Scheduling round done: maps pending {} assigned {} reduces pending {}",
            r.number(0, 9),
            r.number(0, 9),
            r.number(0, 3)
        ),
        2 => format!(
            "org.apache.hadoop.yarn.event.AsyncDispatcher: Handler org.apache.hadoop.mapreduce.v2.app.job.impl.JobImpl registered for event type {}",
            r.pick(&["JobEventType", "TaskEventType", "SpeculatorEvent"])
        ),
        3 => format!(
            "org.apache.hadoop.ipc.Client: Server node-{:02}/10.19.{}.{}:8030 moved, reconnecting to node-{:02}:8030",
            r.number(1, 60),
            r.number(0, 255),
            r.number(1, 254),
            r.number(1, 60)
        ),
        4 => format!(
            "org.apache.hadoop.hdfs.LeaseRenewer: Lease of [DFSClient_NONMAPREDUCE_{}_1] not renewed for {} seconds, trying again",
            r.number(1_000_000_000, 2_000_000_000),
            r.number(30, 900)
        ),
        _ => format!(
            "org.apache.hadoop.mapreduce.v2.app.job.impl.TaskAttemptImpl: task_{job}_m_{:06} went from RUNNING to SUCCEEDED",
            r.number(0, 20)
        ),
    };
    format!(
        "2026-02-18 {},{:03} {} [{thread}] {message}",
        clock(r),
        r.number(0, 999),
        r.pick(&["INFO", "INFO", "INFO", "WARN", "ERROR"])
    )
}

fn hdfs(r: &mut Random) -> String {
    let block = format!("blk_{}{}", r.pick(&["", "-"]), r.number(1_000_000_000_000_000_000, 9_000_000_000_000_000_000));
    let node = |r: &mut Random| format!("10.25{}.{}.{}", r.number(0, 1), r.number(0, 255), r.number(1, 254));
    let message = match r.number(0, 4) {
        0 => format!(
            "dfs.DataNode$DataXceiver: Block {block} coming in from /{}:{} for /{}:50010",
            node(r),
            r.number(30_000, 60_000),
            node(r)
        ),
        1 => format!(
            "dfs.FSNamesystem: BLOCK* map now has {}:50010 for {block} of {} bytes",
            node(r),
            r.number(1_000, 67_108_864)
        ),
        2 => format!("dfs.DataNode$PacketResponder: Responder {} for {block} is done", r.number(0, 2)),
        3 => format!(
            "dfs.FSDataset: Removing {block} at /data/{}/dfs/current/subdir{}/{block}",
            r.number(1, 4),
            r.number(0, 63)
        ),
        _ => format!(
            "dfs.DataNode$PacketResponder: Stored {block}, {} bytes from /{}",
            r.number(1_000, 67_108_864),
            node(r)
        ),
    };
    format!(
        "2602{:02} {} {} {} {message}",
        r.number(1, 28),
        clock(r).replace(':', ""),
        r.number(10, 30_000),
        r.pick(&["INFO", "INFO", "WARN"])
    )
}

fn zookeeper(r: &mut Random) -> String {
    let peer = format!("/10.10.34.{}:{}", r.number(11, 40), r.number(30_000, 60_000));
    let (place, message) = match r.number(0, 3) {
        0 => (
            "NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:NIOServerCnxnFactory@197".to_string(),
            format!("Socket from {peer} taken"),
        ),
        1 => (
            format!("CommitProcessor:{}:ZooKeeperServer@595", r.number(1, 5)),
            format!("Session 0x{} for {peer} has timeout {}", r.hex(15), r.number(4, 40) * 1000),
        ),
        2 => (
            format!("SendWorker:{}:QuorumCnxManager$SendWorker@679", r.number(100_000_000_000, 200_000_000_000)),
            "Queue was left while it had nothing".to_string(),
        ),
        _ => (
            format!("RecvWorker:{}:QuorumCnxManager$RecvWorker@762", r.number(100_000_000_000, 200_000_000_000)),
            format!("Lost the link to id {}, own id is {}, error = ", r.number(1, 200_000_000_000), r.number(1, 5)),
        ),
    };
    format!(
        "2026-02-{:02} {},{:03} - {}  [{place}] - {message}",
        r.number(1, 28),
        clock(r),
        r.number(0, 999),
        r.pick(&["INFO", "WARN"])
    )
}

fn linux(r: &mut Random) -> String {
    let (program, message) = match r.number(0, 5) {
        0 => (
            "sshd(pam_unix)",
            format!("authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost={}  user=root", ipv4(r)),
        ),
        1 => ("sshd", format!("Connection closed by {} port {} [preauth]", ipv4(r), r.number(30_000, 60_000))),
        2 => ("su(pam_unix)", format!("session opened for user {} by (uid=0)", r.pick(&["cyrus", "news", "backup"]))),
        3 => ("ftpd", format!("connection from {} () at Wed Feb 18 {} 2026 ", ipv4(r), clock(r))),
        4 => (
            "kernel",
            format!(
                "ACPI: PCI interrupt 0000:00:{:02x}.{}[A] -> GSI {} (level, low) -> IRQ {}",
                r.number(0, 31),
                r.number(0, 7),
                r.number(9, 23),
                r.number(9, 255)
            ),
        ),
        _ => (
            "kernel",
            format!("CPU{}: thermal limit passed, {} throttle events in all", r.number(0, 15), r.number(1, 9_000)),
        ),
    };
    format!(
        "Feb {:2} {} node-{} {program}[{}]: {message}",
        r.number(1, 28),
        clock(r),
        r.number(1, 9),
        r.number(500, 32_000)
    )
}

fn apache(r: &mut Random) -> String {
    let message = match r.number(0, 3) {
        0 => format!("jk2_init() child {} sits in scoreboard slot {}", r.number(1_000, 32_000), r.number(5, 12)),
        1 => "workerEnv.init() done with /etc/httpd/conf/workers.properties".to_string(),
        2 => format!("[client {}] Directory index forbidden by rule: /var/www/html/", ipv4(r)),
        _ => format!("mod_jk child workerEnv is in error state {}", r.number(5, 10)),
    };
    format!("[Wed Feb {:02} {} 2026] [{}] {message}", r.number(1, 28), clock(r), r.pick(&["notice", "error"]))
}

fn android(r: &mut Random) -> String {
    let (tag, message) = match r.number(0, 4) {
        0 => (
            "PowerManagerService",
            format!(
                "release wake lock={} flg=0x{:x} tag=\"View Lock\" name=systemui ws=null uid={} pid={}",
                r.number(1_000_000, 250_000_000),
                r.number(0, 15),
                r.number(10_000, 10_200),
                r.number(1_500, 30_000)
            ),
        ),
        1 => (
            "WindowManager",
            format!(
                "printFreezingDisplayLogs opening app wtoken = AppWindowToken{{{} token=Token{{{} ActivityRecord{{{} u0 com.acme.app/.Main t{}}}}}}}, allDrawn= false",
                r.hex(7),
                r.hex(7),
                r.hex(7),
                r.number(100, 999)
            ),
        ),
        2 => (
            "PhoneStatusBar",
            format!(
                "visibility vis={} mask={:x} old={} diff={} stack=Rect(0, 0 - {}, {})",
                r.number(0, 1),
                r.number(0, 255),
                r.number(0, 4_000),
                r.number(0, 255),
                r.number(0, 1_440),
                r.number(0, 2_560)
            ),
        ),
        3 => {
            ("ActivityManager", format!("caller {} lacks REAL_GET_TASKS, output is limited", r.number(10_000, 10_200)))
        }
        _ => (
            "DisplayPowerController",
            format!(
                "dark={} lux={}.{} brightness={}",
                r.number(0, 100),
                r.number(0, 900),
                r.number(0, 9),
                r.number(10, 255)
            ),
        ),
    };
    format!(
        "02-{:02} {}.{:03} {:5} {:5} {} {tag}: {message}",
        r.number(1, 28),
        clock(r),
        r.number(0, 999),
        r.number(1_500, 9_999),
        r.number(1_500, 29_999),
        r.pick(&["D", "I", "V", "W"])
    )
}

fn windows(r: &mut Random) -> String {
    let message = match r.number(0, 3) {
        0 => format!(
            "CBS    Session {}_{} was opened by client {}.",
            r.number(30_000_000, 31_000_000),
            r.number(1_000_000, 4_000_000_000),
            r.pick(&["WindowsUpdateAgent", "SPP"])
        ),
        1 => format!(
            "CBS    Applicability of Package_for_KB{}~31bf3856ad364e35~amd64~~6.1.{}.{} was read, state {}",
            r.number(2_000_000, 4_999_999),
            r.number(1, 9),
            r.number(0, 9),
            r.number(0, 112)
        ),
        2 => format!(
            "CSI    {:08x} Result of NT call {} at 0x{:x}",
            r.number(1, 900),
            r.number(0, 9),
            r.number(0, 0xffff_ffff)
        ),
        _ => "CBS    Attribute packageExtended is not known".to_string(),
    };
    format!(
        "2026-02-{:02} {}, {}                  {message}",
        r.number(1, 28),
        clock(r),
        r.pick(&["Info", "Info", "Error"])
    )
}

fn openstack(r: &mut Random) -> String {
    let uuid = |r: &mut Random| format!("{}-{}-4{}-b{}-{}", r.hex(8), r.hex(4), r.hex(3), r.hex(3), r.hex(12));
    let (request, date) = (uuid(r), format!("2026-02-{:02}", r.number(1, 28)));
    if r.chance(50) {
        let tenant = r.hex(32);
        return format!(
            "nova-api.log.1.{date}_{0} {date} {0}.{1:03} {2} INFO nova.osapi_compute.wsgi.server [req-{request} {3} {tenant} - - -] 10.11.10.1 \"GET /v2/{tenant}/servers/detail HTTP/1.1\" status: 200 len: {4} time: 0.{5:07}",
            clock(r),
            r.number(0, 999),
            r.number(2_000, 30_000),
            r.hex(32),
            r.number(200, 2_000),
            r.number(1, 9_999_999)
        );
    }
    let message = match r.number(0, 2) {
        0 => "VM is up (life cycle event)".to_string(),
        1 => format!(
            "Claim fits: memory {} MB, disk {} GB, vcpus {} CPU",
            r.number(512, 65_536),
            r.number(1, 80),
            r.number(1, 16)
        ),
        _ => format!("Base image /var/lib/nova/instances/_base/{} is in use by {} here", r.hex(40), r.number(1, 9)),
    };
    format!(
        "nova-compute.log.1.{date}_{0} {date} {0}.{1:03} {2} INFO nova.compute.claims [req-{request} - - - - -] [instance: {3}] {message}",
        clock(r),
        r.number(0, 999),
        r.number(2_000, 30_000),
        uuid(r)
    )
}
