using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>A resource limit of a running process (prlimit). Linux only.</summary>
internal static partial class ProcessLimit
{
    /// <summary>Bytes of a file that it may write.</summary>
    public const int FileSize = 1;

    /// <summary>Files that it may have open.</summary>
    public const int OpenFiles = 7;

    /// <summary>From now on.</summary>
    public static void Set(int processId, int resource, ulong soft) => Change(processId, resource, _ => soft);

    /// <summary>From now on as much as the system allows.</summary>
    public static void Restore(int processId, int resource) => Change(processId, resource, static limit => limit.Hard);

    private static void Change(int processId, int resource, Func<Limit, ulong> soft)
    {
        Check(Get(processId, resource, 0, out var limit));
        limit.Soft = soft(limit);
        Check(Set(processId, resource, in limit, 0));
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int Get(int processId, int resource, nint none, out Limit limit);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int Set(int processId, int resource, in Limit limit, nint none);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
