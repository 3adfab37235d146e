# First process of a job's namespaces. It makes the machine read-only, covers what a job must not see, puts the job's own
# folders under /run/squero and starts the job without any right to undo this. See docs/decisions/0040-job-isolation.md.
# Arguments: mode uid gid job-folder script search-path, then the paths to cover.
# Standard input is a lifeline: when the runner closes it, or dies, this process ends and the kernel kills all of the job.
set -eu
mode=$1 uid=$2 gid=$3 job=$4 script=$5 search=$6
shift 6
umask 022
fail() { echo "$1" >&2; exit 125; }
cover() { mount -t tmpfs -o ro,nosuid,nodev,size=4k,mode=000 none "$1"; }

exec 3<"$job" 5<"$job/builds" 6<"$job/home" 7<"$job/tmp" 8</run 9</dev
job=$(realpath "$job")
( echo 500 > /proc/self/oom_score_adj ) 2> /dev/null || true
keep=nosuid,nodev kept=0

# Device numbers and set-user-id bits are of no use to a job, on any mount; /proc is new and its own.
while read -r _ _ _ _ point options rest; do
  point=$(printf '%b' "$point")
  case $point in /proc | /proc/*) continue ;; esac
  [ -e "$point" ] || continue
  case $rest in *" - proc "* | "- proc "*) cover "$point" || fail "cannot cover $point"; continue ;; esac
  flags=nosuid,nodev
  for option in ${options//,/ }; do
    case $option in ro | rw | nosuid | nodev) ;; *) flags=$flags,$option ;; esac
  done
  case $job/ in
    "${point%/}"/*) if [ ${#point} -ge $kept ]; then kept=${#point} keep=$flags; fi ;;
  esac
  case $point in /dev | /dev/* | /run | /run/* | /tmp) continue ;; esac
  mount --options-mode ignore -o "remount,bind,ro,$flags" "$point" 2> /dev/null || cover "$point" 2> /dev/null \
    || fail "cannot make $point read-only"
done < /proc/self/mountinfo

for path in "$@"; do
  if [ -d "$path" ]; then
    cover "$path" || fail "cannot cover $path"
  elif [ -e "$path" ]; then
    mount -c --bind /proc/self/fd/9/null "$path" || fail "cannot cover $path"
  fi
done

mount -t tmpfs -o nosuid,size=256k,mode=755 none /dev || fail "cannot make a private /dev"
for device in null zero full random urandom tty; do
  [ -e /proc/self/fd/9/$device ] || continue
  : > /dev/$device
  mount -c --bind /proc/self/fd/9/$device /dev/$device || fail "cannot give the job /dev/$device"
done
for device in /proc/self/fd/9/nvidia* /proc/self/fd/9/dri /proc/self/fd/9/kfd; do
  [ -e "$device" ] || continue
  if [ -d "$device" ]; then mkdir "/dev/${device##*/}"; else : > "/dev/${device##*/}"; fi
  mount -c --bind "$device" "/dev/${device##*/}" || fail "cannot give the job ${device##*/}"
done
ln -s /proc/self/fd /dev/fd
ln -s /proc/self/fd/0 /dev/stdin
ln -s /proc/self/fd/1 /dev/stdout
ln -s /proc/self/fd/2 /dev/stderr
mkdir /dev/shm /dev/pts
mount -t tmpfs -o nosuid,nodev,mode=1777,size=2g none /dev/shm || fail "cannot make a private /dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 none /dev/pts 2> /dev/null && ln -s pts/ptmx /dev/ptmx

# Sockets in /run lead to daemons that would act for the job outside (docker, systemd, dbus); only name resolution stays.
mount -t tmpfs -o nosuid,nodev,size=256k,mode=755 none /run || fail "cannot make a private /run"
for path in systemd/resolve resolvconf; do
  [ -d /proc/self/fd/8/$path ] || continue
  mkdir -p /run/$path
  mount -c --bind /proc/self/fd/8/$path /run/$path && mount --options-mode ignore -o "remount,bind,ro,nosuid,nodev" /run/$path || true
done
if [ -d /var/run ] && [ ! /var/run -ef /run ]; then cover /var/run || fail "cannot cover /var/run"; fi

give() { # folder, path, ro or rw
  mount -c --bind "$1" "$2" && mount --options-mode ignore -o "remount,bind,$3,$keep" "$2" || fail "cannot give the job $2"
}
mkdir /run/squero
give /proc/self/fd/3 /run/squero ro
give /proc/self/fd/5 /run/squero/builds rw
give /proc/self/fd/6 /run/squero/home rw
give /proc/self/fd/7 /run/squero/tmp rw
give /proc/self/fd/7 /tmp rw
[ ! -d /var/tmp ] || [ -L /var/tmp ] || give /proc/self/fd/7 /var/tmp rw
exec 3<&- 5<&- 6<&- 7<&- 8<&- 9<&-
cd /run/squero/builds

# In a user namespace the job gets one more, below: mounts belong to the upper one, so it cannot take any away.
if [ "$mode" = root ]; then
  chown "$uid" /proc/self/fd/1 # or the job could not open /dev/stderr
  drop=(setpriv "--reuid=$uid" "--regid=$gid" --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs)
else
  drop=(unshare --user "--map-user=$uid" "--map-group=$gid" setpriv --no-new-privs)
fi

echo squero-ready
exec 4<&0
set +e
"${drop[@]}" env -i "PATH=$search" HOME=/run/squero/home LANG=C.UTF-8 bash --noprofile --norc "$script" < /dev/null 2>&1 4<&- &
started=$!
cat <&4 > /dev/null 2>&1 &
wait -n
kill -0 $started 2> /dev/null && exit 137
wait $started
