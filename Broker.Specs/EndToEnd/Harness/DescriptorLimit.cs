namespace Broker.Specs.EndToEnd.Harness;

/// <summary>Takes the open files from a running process that it would need for the next connections, and gives them back. Linux only.</summary>
internal static class DescriptorLimit
{
    /// <summary>From now on it can open so many more than it has open now.</summary>
    public static void LeaveRoomFor(int processId, int more)
    {
        var open = Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd").Count();
        ProcessLimit.Set(processId, ProcessLimit.OpenFiles, (ulong)(open + more));
    }

    /// <summary>From now on it can open as many as the system allows.</summary>
    public static void Restore(int processId) => ProcessLimit.Restore(processId, ProcessLimit.OpenFiles);
}
