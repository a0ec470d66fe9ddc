/**
 * Tests of mappings. What went wrong in ways that have a kind, where it was seen, and which tests hold the kind now:
 *
 * <table>
 * <caption>Kinds</caption>
 * <tr><th>kind</th><th>where it was</th><th>what holds it now</th></tr>
 * <tr><td>bytes are written over, or left, that nobody asked for</td><td>appending to a file that holds two
 * arrays; an append that is refused, interrupted or
 * fails</td><td>{@code ArrayWritingTest.surplusBytesAreNeverOverwritten},
 * {@code ArrayWritingTest.aMarkOfAnotherAppendIsSurplusToo},
 * {@code ArrayWritingTest.refusedRowsLeaveTheFileAsItWas}, {@code ArrayWritingTest.aFailureAtAnyStepIsTakenBack},
 * {@code WritingTest.infoTellsOfSurplusBytesAndAppendRefusesThem}</td></tr>
 * <tr><td>what is no regular file is replaced, or loses its owner and mode</td><td>create, save and convert onto
 * devices, pipes, links and files of others</td><td>{@code ArrayWritingTest.onlyRegularFilesAreReplaced},
 * {@code ArrayWritingTest.linksAreFollowedUnlessTheyShallNotBe},
 * {@code ArrayWritingTest.modeAndAttributesStayAndWhatCannotIsTold},
 * {@code WritingTest.whatIsNotRegularIsNotReplaced}, {@code check_files.c: check_kinds},
 * {@code check_files.c: check_owner}</td></tr>
 * <tr><td>a checksum that a mapping cannot keep</td><td>READ_WRITE of a member of an
 * archive</td><td>{@code ArrayWritingTest.membersOfArchivesAreNotWrittenThrough}</td></tr>
 * <tr><td>two ways to say the same mean different things</td><td>the format that a file's name stands
 * for</td><td>{@code ArrayWritingTest.theNameDecidesTheFormatEverywhere},
 * {@code WritingTest.anEndingThatIsNoFormatIsRefused}, {@code WritingTest.aDashIsStandardOutput}</td></tr>
 * <tr><td>a step is cut in the middle</td><td>interrupts of save and
 * append</td><td>{@code ArrayWritingTest.interruptsChangeNothing},
 * {@code ArrayWritingTest.interruptedAppendsHappenOrAreReportedNever}</td></tr>
 * <tr><td>an ended writer leaves files behind</td><td>Ctrl-C and kill in create, convert and
 * append</td><td>{@code ArrayWritingTest.anEndedWriterLeavesNothing},
 * {@code ArrayWritingTest.aNamedFileGoesWithItsWriterToo}, {@code ArrayWritingTest.cleanRemovesWhatNobodyWrites},
 * {@code ArrayWritingTest.aKilledAppendIsTheOnlyOneThatLeavesBytes},
 * {@code WritingTest.cleanRemovesLeftovers}</td></tr>
 * <tr><td>room is taken before it is asked for</td><td>a create that takes all of a disk; memory beyond the limit
 * of a group</td><td>{@code ArrayWritingTest.aFullDiskIsToldBeforeAnythingIsTaken},
 * {@code ArrayWritingTest.moreThanAnyDiskHasIsNoSpaceOrTooLarge}, {@code MemoryGroupTest.theGroupsOwnLimitHolds},
 * {@code MemoryGroupTest.theLimitOfTheGroupAroundItHolds}, {@code check_files.c: check_no_room},
 * {@code check_posix.c: check_groups}</td></tr>
 * <tr><td>changes what it was to read</td><td>{@code POPULATE} of writable
 * files</td><td>{@code PopulateOptionTest.pagesComeInAsTheyAre}</td></tr>
 * <tr><td>an attempt without an end</td><td>writing to a path of another file
 * system</td><td>{@code ArrayWritingTest.otherFileSystemsAreRefusedAsByReaders}</td></tr>
 * <tr><td>an interrupted thread spins instead of waiting</td><td>leases, changes of mappings, rings, sequence
 * locks</td><td>{@code ChangeWaitingTest.interruptedVirtualThreadsLeaveTheirCarriers},
 * {@code ChangeWaitingTest.nobodyPolls}, {@code DeadlineTest.anInterruptedThreadSleepsForAMessageAndForRoom},
 * {@code DeadlineTest.anInterruptedThreadSleepsUntilMemoryIsComplete},
 * {@code DeadlineTest.anInterruptedThreadSleepsForAWriter}</td></tr>
 * <tr><td>a number of pages that 32 bits do not hold</td><td>{@code Residency.isResident} beyond 2^31
 * pages</td><td>{@code ResidencyTest.pagesBeyondABitSetAreNotResident},
 * {@code ResidencyTest.joinedAnswersCountOn}</td></tr>
 * <tr><td>one call for any size</td><td>residency of 16 TiB: 26 seconds under one hold, half a GiB of bits; 200
 * million empty rows as Java arrays or as JSON</td><td>{@code ResidencyTest.aCloseEndsTheAskingForTerabytes},
 * {@code ResidencyTest.slicesOfTheAnswerMeetAtPages}, {@code ArrayWritingTest.emptyRowsByTheMillionAreRefused},
 * {@code SliceCommandTest.emptyRowsByTheMillionAreNotPrinted}</td></tr>
 * <tr><td>an answer that is not so</td><td>WILLNEED, prefetch, evict and discard of a file that was cut; what was
 * granted; the mode after a change</td><td>{@code CutFileTest.willneedCountsWhatIsThere},
 * {@code CutFileTest.evictAndDiscardCountWhatIsThere}, {@code check_posix.c: check_answers_about_cut},
 * {@code ModeTest.memoryForOtherProcessesSaysThatItIs},
 * {@code ModeTest.protectedPagesAreReadOnly}</td></tr>
 * <tr><td>what nobody can ask for counts as fine</td><td>flush of a file that was renamed, removed or replaced, and
 * cut</td><td>{@code CutFileTest.flushTellsOfAFileWithoutItsName},
 * {@code check_posix.c: check_cut_without_name}</td></tr>
 * <tr><td>a range that nothing can have is an exception that nobody declares</td><td>offsets and lengths beyond 2^61
 * bytes in open, anonymous, resize and create</td><td>{@code FailureDetailsTest.rangesThatNoFileHas},
 * {@code FailureDetailsTest.moreMemoryThanThereCanBe}, {@code check_map.c: check_past_the_end}</td></tr>
 * <tr><td>a setting that is not known is taken silently</td><td>{@code dev.quire.kernels},
 * {@code dev.quire.heal}</td><td>{@code KernelVersionsTest.oneThatDoesNotExistIsWarnedOf},
 * {@code NamedLoadingTest.healingIsTrueOrFalse}</td></tr>
 * <tr><td>memory that nobody else sees is written for others</td><td>a sequence lock and rings over copy-on-write
 * memory</td><td>{@code MessageRingTest.memoryThatNobodyElseSeesIsRefused}</td></tr>
 * <tr><td>throws, though it promises a result</td><td>{@code advise} at the limit of mapped
 * areas</td><td>{@code MapLimitTest.aHintBeyondTheLimitIsIgnored}</td></tr>
 * <tr><td>a mistake that is none</td><td>resize of a part of a
 * file</td><td>{@code CutFileTest.aMappingThatDoesNotEndWithItsFileIsNotResized}</td></tr>
 * <tr><td>an exception that is not declared</td><td>a closed appender; the root as a file; waits of more than 292
 * years</td><td>{@code ArrayWritingTest.aClosedAppenderSaysSo},
 * {@code ArrayWritingTest.foldersAreRefusedAndSoIsTheRoot}, {@code DeadlineTest.aWaitMayBeForEver},
 * {@code DeadlineTest.aWaitMayHaveEndedBeforeItBegan}, {@code LeaseTest.everyDurationIsATime}</td></tr>
 * <tr><td>NumPy reads it, and Quire does not</td><td>pairs of a dtype and a shape; 64 axes of complex numbers; a
 * bad member among good ones; bytes behind an archive; empty
 * files</td><td>{@code ArrayWritingTest.aPairOfATypeAndAShapeIsASubArray},
 * {@code ArrayWritingTest.complexArraysOfTheMostAxesAreSaved},
 * {@code ArrayStoreTest.sixtyFourAxesOfComplexNumbersAreSaved}, {@code WritingTest.aBadMemberHidesNoOther},
 * {@code WritingTest.bytesBehindAnArchiveAreNotInTheWay},
 * {@code ArrayWritingTest.anEmptyFileIsToldAsSuch}</td></tr>
 * <tr><td>nothing is taken for something</td><td>chunks of a single element, empty
 * selections</td><td>{@code ArrayViewTest.aSingleElementHasNoChunksAndNothingIsNoSelection},
 * {@code IndexTest.refusesTheRest}</td></tr>
 * <tr><td>what another program made is taken for ours</td><td>headerless segments as orphans; orphans that nobody
 * was asked about</td><td>{@code SegmentsTest.whatHasNoHeaderOfOursIsNobodysOrphan},
 * {@code SegmentsTest.anotherVersionsSegmentIsNoOrphan}, {@code SegmentsTest.onlyOrphansOfAListAreRemoved},
 * {@code PythonSharingTest.aLivingPythonProcessKeepsMemoryThatOnlyLooksLikeOurs},
 * {@code ShmCommandTest.whereNobodyCanBeAskedOrphansStayAndAreNamed},
 * {@code ShmCommandTest.atATerminalSomebodyIsAsked},
 * {@code SharedProcessesTest.aCreatorThatDiesLeavesWhatCanBeCleanedUp}</td></tr>
 * <tr><td>a message speaks of the machine room</td><td>codes and numbers, temporary names, headers, axes and pipes
 * that the user did not name; no size of the file</td><td>{@code MessagesTest.aMissingFileIsAMissingFile},
 * {@code MessagesTest.temporaryNamesAreNobodysBusiness},
 * {@code SharedMemoryTest.messagesCountTheBytesThatWereAskedForAndSpeakOfMemory},
 * {@code FailureDetailsTest.peopleReadNoCodesAndNumbers},
 * {@code ArrayViewTest.anIndexMessageNamesTheFileAndTheUsersAxis},
 * {@code CutFileTest.messagesSayHowLongTheFileIs}</td></tr>
 * <tr><td>a limit meets what is far below it</td><td>the lock of an append beyond {@code ulimit
 * -f}</td><td>{@code MessagesTest.aLimitOfFileSizesIsOnlyMetByFilesThatAreTooLong}</td></tr>
 * <tr><td>a name loses bytes</td><td>{@code LC_ALL=C}, names in
 * Latin-1</td><td>{@code MessagesTest.everyNameIsTheNameThatWasTyped},
 * {@code PathTest.namesThatTheLocaleDoesNotHave}, {@code PathTest.namesThatAreNotUtf8}</td></tr>
 * <tr><td>a name controls the terminal</td><td>files, fields and members whose names have
 * escapes</td><td>{@code MessagesTest.nothingInANameReachesTheTerminal},
 * {@code WritingTest.namesInFilesDoNotReachTheTerminalAsTheyAre}</td></tr>
 * <tr><td>a failure in the midst of a change</td><td>the heap or the stack ends inside resize, protect and
 * seal</td><td>{@code PressureTest.theHeapIsFull}, {@code PressureTest.theStackIsAtItsEnd}</td></tr>
 * <tr><td>an argument changes while it is read</td><td>lists of ranges, offsets of a
 * gather</td><td>{@code PrefetchListTest.theirSizeIsNotAskedTwice},
 * {@code PrefetchListTest.whatIsCheckedIsWhatIsAskedFor},
 * {@code GatherTest.offsetsThatChangeMeanwhileHaveNoEffect}</td></tr>
 * <tr><td>memory is taken and not asked for, or asked for and taken by another thread</td><td>lock, populate and
 * ensureResident of anonymous, shared and copy-on-write memory and of holes in memory files; threads that create at
 * once; many small segments; files in memory that grow</td><td>{@code MemoryGroupTest.pagesBeyondTheLimitAreRefused},
 * {@code MemoryGroupTest.threadsTogetherDoNotTakeMoreThanThereIs},
 * {@code check_processes.c: child_of_group_with_threads},
 * {@code check_processes.c: child_of_group_with_small_parts}</td></tr>
 * <tr><td>what is refused has half happened</td><td>populate and lock, slice by slice, beyond the memory that there
 * is</td><td>{@code MemoryGroupTest.pagesBeyondTheLimitAreRefused}</td></tr>
 * <tr><td>unknown counts as unlimited</td><td>the guards of mapped areas and of memory, without a
 * descriptor</td><td>{@code check_processes.c: check_without_descriptors}</td></tr>
 * <tr><td>a planted link is followed</td><td>locks and temporary files beside the
 * array</td><td>{@code ArrayWritingTest.plantedLinksAreNotOpened}, {@code check_files.c: check_planted},
 * {@code check_files.c: check_files_of_others}</td></tr>
 * <tr><td>what is confirmed was never done</td><td>append and publish, whose last fsync was left out on
 * Linux</td><td>{@code EffectTest.whatWasCreatedSavedOrAppendedIsOnTheDevice},
 * {@code check_files.c: check_growing}</td></tr>
 * <tr><td>what is lost is confirmed</td><td>flush of a file that was cut, also under another
 * name</td><td>{@code DamageTest.flushConfirmsNothingThatIsLost},
 * {@code check_heal.c: check_flush_of_renamed}</td></tr>
 * <tr><td>the end of a part is taken for the end of the file</td><td>scans of part of a cold
 * file</td><td>{@code ScanTest.partOfAColdFileIsScanned}</td></tr>
 * <tr><td>collected while it is used</td><td>{@code AUTO} mappings that only a call
 * holds</td><td>{@code CollectedTest.aCallKeepsWhatItWorksOn},
 * {@code ScanTest.aCollectedMappingStaysUntilItsScanEnds}</td></tr>
 * <tr><td>addresses are taken for bytes</td><td>copies between two mappings of one file that
 * overlap</td><td>{@code CopyWithinFileTest.whateverLiesWhere}</td></tr>
 * <tr><td>one failure is remembered for ever</td><td>a first use that is interrupted, has no descriptor or no
 * library</td><td>{@code FirstUseTest.onAnInterruptedThreadItWorks},
 * {@code FirstUseTest.withoutDescriptorsItWorksLater}, {@code FirstUseTest.aLibraryThatIsPutThereLaterIsFound},
 * {@code FirstUseTest.withoutTheFlightRecorderEverythingWorks}</td></tr>
 * <tr><td>memory that another language cannot share</td><td>Python's shared memory in Java, shared arrays in
 * NumPy, raw files, Java arrays into open ones, stale entries of the
 * cache</td><td>{@code PythonSharingTest.twelveLinesOfPythonOpenASharedArray},
 * {@code PythonSharingTest.javaOpensWhatPythonMade}, {@code PythonSharingTest.pythonOpensRawMemoryThatJavaMade},
 * {@code PythonSharingTest.aPlainSharedMemoryOfPythonTakesTheNameAway}, {@code ArrayFileTest.rawInOneShortCall},
 * {@code ArrayStoreTest.javaArraysOfEveryKindGoIntoAnOpenArray}, {@code ArrayViewTest.countAndPathOfViews},
 * {@code MappingCacheTest.invalidateForgetsAFileInEveryForm},
 * {@code MappingCacheTest.clearForgetsAllAndStaysOpen}</td></tr>
 * </table>
 *
 * <p>{@code DocumentsTest} looks whether they are there.
 */
@org.jspecify.annotations.NullMarked
package dev.quire;
