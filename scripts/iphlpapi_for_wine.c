/* iphlpapi.dll for a JVM under Wine 8, which lacks functions of it that java.net.NetworkInterface
 * looks up; a missing one ends the process. Each answers "not supported", which Java takes for a
 * machine without network interfaces. */
#define NOT_SUPPORTED 50
__declspec(dllexport) unsigned long FreeMibTable(void *table) { (void)table; return 0; }
__declspec(dllexport) unsigned long GetIfEntry2(void *row) { (void)row; return NOT_SUPPORTED; }
__declspec(dllexport) unsigned long GetIfTable2(void **table) { *table = 0; return NOT_SUPPORTED; }
__declspec(dllexport) unsigned long GetUnicastIpAddressTable(unsigned short family, void **table)
{
    (void)family;
    *table = 0;
    return NOT_SUPPORTED;
}
__declspec(dllexport) unsigned long ConvertInterfaceNameToLuidW(const void *name, void *luid)
{
    (void)name;
    (void)luid;
    return NOT_SUPPORTED;
}
__declspec(dllexport) unsigned long ConvertInterfaceLuidToNameW(const void *luid, void *name,
    unsigned long long room)
{
    (void)luid;
    (void)name;
    (void)room;
    return NOT_SUPPORTED;
}
__declspec(dllexport) unsigned long GetAdaptersAddresses(unsigned long family, unsigned long flags,
    void *reserved, void *addresses, unsigned long *bytes)
{
    (void)family;
    (void)flags;
    (void)reserved;
    (void)addresses;
    (void)bytes;
    return NOT_SUPPORTED;
}
__declspec(dllexport) unsigned long if_nametoindex(const char *name) { (void)name; return 0; }
