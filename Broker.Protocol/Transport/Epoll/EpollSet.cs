using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Broker.Protocol.Transport.Epoll;

/// <summary>
/// An epoll instance and the room for its events. Used by one thread. An event carries a token, 64 bits of the caller's
/// choice. struct epoll_event is packed on x64 and x86 and aligned elsewhere, so it is read and written by offsets.
/// </summary>
internal sealed unsafe class EpollSet : IDisposable
{
    private const int Capacity = 512;

    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;
    private static readonly int TokenOffset = IsPacked ? 4 : 8;
    private static readonly int EventSize = TokenOffset + 8;

    private readonly byte* _events;
    private readonly int _descriptor;
    private bool _isDisposed;

    /// <exception cref="System.Net.Sockets.SocketException">The process is out of descriptors.</exception>
    public EpollSet()
    {
        _descriptor = Libc.EpollCreate(Libc.CloseOnExec);
        if (_descriptor < 0)
        {
            throw LinuxError.ToException(LinuxError.Last);
        }

        _events = (byte*)NativeMemory.AllocZeroed(Capacity, (nuint)EventSize);
    }

    public void Add(int descriptor, Readiness interest, ulong token) => Control(Libc.ControlAdd, descriptor, interest, token);

    public void Modify(int descriptor, Readiness interest, ulong token) => Control(Libc.ControlModify, descriptor, interest, token);

    public void Delete(int descriptor) => Control(Libc.ControlDelete, descriptor, Readiness.None, 0);

    /// <summary>The number of events that <see cref="At"/> has; 0 after the time, or a signal.</summary>
    /// <param name="milliseconds">-1: for ever.</param>
    public int Wait(int milliseconds)
    {
        int count = Libc.EpollWait(_descriptor, _events, Capacity, milliseconds);
        if (count >= 0)
        {
            return count;
        }

        return LinuxError.Last == LinuxError.Interrupted ? 0 : throw LinuxError.ToException(LinuxError.Last);
    }

    public (Readiness Ready, ulong Token) At(int index)
    {
        byte* entry = _events + (index * EventSize);
        return (Unsafe.ReadUnaligned<Readiness>(entry), Unsafe.ReadUnaligned<ulong>(entry + TokenOffset));
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _ = Libc.Close(_descriptor);
            NativeMemory.Free(_events);
        }
    }

    private void Control(int operation, int descriptor, Readiness interest, ulong token)
    {
        byte* change = stackalloc byte[16];
        Unsafe.WriteUnaligned(change, interest);
        Unsafe.WriteUnaligned(change + TokenOffset, token);
        if (Libc.EpollControl(_descriptor, operation, descriptor, change) != 0)
        {
            throw LinuxError.ToException(LinuxError.Last);
        }
    }
}
