using Microsoft.Win32.SafeHandles;

namespace Broker.Protocol.Transport.Epoll;

/// <summary>
/// An eventfd that ends an epoll_wait. Watched for edges, so nobody has to read it. Any thread may signal at any time: the
/// handle keeps the number from being another's by then.
/// </summary>
internal sealed unsafe class WakeUp : IDisposable
{
    private readonly SafeFileHandle _handle;

    /// <exception cref="System.Net.Sockets.SocketException">The process is out of descriptors.</exception>
    public WakeUp()
    {
        int descriptor = Libc.EventDescriptor(0, Libc.CloseOnExec | Libc.NonBlocking);
        if (descriptor < 0)
        {
            throw LinuxError.ToException(LinuxError.Last);
        }

        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    public int Descriptor => (int)_handle.DangerousGetHandle();

    public void Signal()
    {
        ulong one = 1;
        try
        {
            // It cannot fail before the counter has come to 2^64.
            _ = Libc.Write(_handle, (byte*)&one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended, and does not sleep.
        }
    }

    public void Dispose() => _handle.Dispose();
}
